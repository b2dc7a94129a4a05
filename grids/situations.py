"""What a rule looks at: a matter's state, who would act for which unit at which instant, and what they would say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from grids.casework import MatterState
from grids.diversions import Diversion, first_receiver, followers
from grids.levels import Ladder, Level
from grids.rights import Who
from grids.steps import STEP_KINDS, Step

SENSOR = "sensor"
# Kinds of unit that lead cells, beats and communities below their own level; every other leads at its own only.
REACHES_DOWN = ("station", "street_centre")


class UnitFact(NamedTuple):
    """A unit's level and kind."""

    level: Level
    kind: str


@dataclass(frozen=True)
class Situation:
    """A move about to be made.

    steps: of the matter, in order. acts_for: codes of the units that `who` acts for (None: every unit). home: the unit
    that `who` belongs to. unit, level: for which unit and at which level the move is made. said: its fields. units: all
    units by code. police: whether the category is a police matter. missing: basic facts that are not recorded yet.
    """

    state: MatterState
    steps: tuple[Step, ...]
    who: Who
    at: datetime
    now: datetime
    channel: str
    units: Mapping[str, UnitFact] = field(default_factory=dict)
    ladder: Ladder = field(default_factory=Ladder.default)
    acts_for: frozenset[str] | None = None
    home: str | None = None
    police: bool = True
    missing: tuple[str, ...] = ()
    unit: str | None = None
    level: Level | None = None
    said: Mapping[str, Any] = field(default_factory=dict)

    def may_act_for(self, unit: str | None) -> bool:
        """Whether `who` acts for that unit."""
        return unit is not None and (self.acts_for is None or unit in self.acts_for)

    @property
    def holds_lead(self) -> bool:
        """Whether the acting unit holds the lead; a lead of no unit is held by whoever may lead at its level."""
        if self.state.lead_level is None:
            return False
        if self.state.lead_unit is not None:
            return self.unit == self.state.lead_unit
        return self.can_lead(self.unit, self.state.lead_level)

    @property
    def lead_is_free(self) -> bool:
        """Whether the acting unit may take the lead: nobody ever held it, or it is offered to that unit."""
        state = self.state
        if state.offer is None:
            return state.lead_level is None
        if state.offered_unit is not None:
            return self.unit == state.offered_unit
        return state.offered_level is None or self.level is None or self.level == state.offered_level

    @property
    def goes_up(self) -> bool:
        """Whether the level meant ranks above that at which the lead is held."""
        ranks, held = self.ladder.ranks, self.state.lead_level
        return self.level is not None and held is not None and ranks[self.level] > ranks[held]

    @property
    def waiting(self) -> Diversion | None:
        """The diversion that nobody has answered."""
        return next((line for line in reversed(self.state.diversions) if line.waits), None)

    @property
    def in_hand(self) -> Diversion | None:
        """The accepted diversion of the acting unit that is not done."""
        return next(
            (line for line in reversed(self.state.diversions) if line.in_hand and line.to_unit == self.unit), None
        )

    @property
    def unaccepted(self) -> Diversion | None:
        """The newest diversion, when nobody accepted it and nobody has kept the matter since."""
        last = self.state.diversions[-1] if self.state.diversions else None
        return last if last is not None and last.accepted_at is None and not last.kept else None

    @property
    def is_first_receiver(self) -> bool:
        """Whether the acting unit is the one that held the lead first, or else sent what nobody accepts."""
        first = first_receiver(self.steps)
        unit = first.unit if first else (self.unaccepted.from_unit if self.unaccepted else None)
        return unit is None or self.unit == unit

    @property
    def may_close(self) -> bool:
        """Whether the acting unit holds the lead, or sent on what is done; of what nobody leads anybody ends it."""
        if self.holds_lead:
            return True
        if self.state.lead_level is None:
            return self.said.get("how", "settled") != "settled"
        newest = self.state.diversions[-1] if self.state.diversions else None
        return newest is not None and newest.done_at is not None and self.follows

    @property
    def follows(self) -> bool:
        """Whether the acting unit led this before, or passed it on."""
        return self.unit in followers(self.steps, self.state.lead_unit)

    @property
    def verified(self) -> bool:
        """Whether a sensor alert was found to be true; everything else needs no verifying."""
        return self.channel != SENSOR or any(step.kind in ("verify", "dismiss") for step in self.steps)

    @property
    def danger(self) -> bool:
        """Whether people are in danger: said so at some step, or a hard police matter."""
        told = self.said.get("danger") is True or any(step.detail.get("danger") is True for step in self.steps)
        return told or (self.police and self.state.severity_now == 3)

    @property
    def police_answered(self) -> bool:
        """Whether a station has worked on it already."""
        handling = (step for step in self.steps if STEP_KINDS[step.kind].default_role is not None)
        return any(self._is_station(step.unit) for step in handling)

    @property
    def goes_to_police(self) -> bool:
        """Whether it is offered to a station."""
        return self._is_station(self.said.get("to"))

    def _is_station(self, unit: str | None) -> bool:
        return unit is not None and unit in self.units and self.units[unit].kind == "station"

    @property
    def _first(self) -> str:
        first = first_receiver(self.steps)
        return (first.unit or first.level or "nobody") if first else "nobody"

    def can_lead(self, unit: str | None, level: Level) -> bool:
        """Whether a unit may truly lead at a level: its own, or for stations and street centres one below it."""
        fact = self.units.get(unit or "")
        if fact is None or level == fact.level:
            return True
        return fact.kind in REACHES_DOWN and self.ladder.ranks[level] <= self.ladder.ranks[fact.level]

    @property
    def asked_by(self) -> str | None:
        """Who asked for the grade that waits for approval."""
        if self.state.grade_asked is None:
            return None
        return next((step.actor for step in reversed(self.steps) if step.kind == "grade_ask"), None)

    @property
    def agreed(self) -> bool:
        """Whether the last mediation ended in an agreement."""
        last = next((step for step in reversed(self.steps) if step.kind == "mediate"), None)
        return last is not None and last.detail.get("agreement") is True

    @property
    def words(self) -> dict[str, str]:
        """What a rule's sentence may name."""
        state, offered = self.state, self.state.offered_unit or self.state.offered_level
        waiting = self.waiting
        return {
            "lead": state.lead_unit or state.lead_level or "nobody",
            "offered": str(offered or "nobody"),
            "receiver": (waiting.to_unit if waiting else None) or "nobody",
            "unit": self.unit or "no unit",
            "last": f"{state.last_at:%Y-%m-%d %H:%M:%S %Z}" if state.last_at else "never",
            "missing": ", ".join(self.missing),
            "asked": str(state.grade_asked or "nothing"),
            "asker": self.asked_by or "nobody",
            "first": self._first,
        }
