"""What became of a matter: its state replayed from its handling steps, one matter or all at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from types import MappingProxyType

from grids.diversions import Diversion, Whistle, ledger, tags, whistles
from grids.grading import checked_severity
from grids.levels import LEVELS, Level
from grids.steps import OFFERS, ROLES, STEP_KINDS, UNSETTLES, WITHDRAWS, Role, Step, StepKind
from grids.summaries import REVISIT_DAYS, Summary, summarise

__all__ = [
    "REVISIT_DAYS",
    "ROLES",
    "STEP_KINDS",
    "Closure",
    "MatterState",
    "Role",
    "Step",
    "StepKind",
    "Summary",
    "replay",
    "summarise",
]


@dataclass(frozen=True)
class Closure:
    """One time a matter was closed, and when it was reopened, if it was."""

    closed_at: datetime
    reopened_at: datetime | None = None

    def stands(self, at: datetime) -> bool:
        """Whether the matter is closed by this closure at the instant `at`."""
        return self.closed_at <= at and (self.reopened_at is None or self.reopened_at > at)


@dataclass(frozen=True)
class MatterState:
    """Everything that follows from a matter's steps so far; times are aware, None means "not yet".

    `reached` holds, per level, the first instant at which the lead was held there. `severity` is the grade
    that counts: fixed at `severity_at`, until then the provisional `severity_now`. offer, offered_*: how and to whom
    the lead is offered while nobody has answered. settled_at: of the settling that stands; revisit_due_at: until
    somebody has revisited.
    """

    reached: Mapping[Level, datetime]
    lead_level: Level | None
    closures: tuple[Closure, ...]
    severity_initial: int
    severity_now: int
    severity: int
    severity_at: datetime | None
    last_at: datetime | None
    steps: int
    lead_unit: str | None = None
    offered_level: Level | None = None
    offered_unit: str | None = None
    offer: str | None = None
    grade_asked: int | None = None
    settled_at: datetime | None = None
    revisit_due_at: datetime | None = None
    supervised_at: datetime | None = None
    satisfaction: int | None = None
    tags: tuple[str, ...] = ()
    diversions: tuple[Diversion, ...] = ()
    whistles: tuple[Whistle, ...] = ()

    @property
    def closed_at(self) -> datetime | None:
        """When the closure that still stands was made; None while the matter is open."""
        last = self.closures[-1] if self.closures else None
        return last.closed_at if last and last.reopened_at is None else None

    def severity_as_of(self, at: datetime) -> int:
        """The grade that measures use at `at`: the initial one before the fix moment, `severity` after it."""
        fixed_later = self.severity_at is not None and at < self.severity_at
        return self.severity_initial if fixed_later else self.severity


def replay(steps: Iterable[Step], initial: int) -> MatterState:
    """The state of one matter from its steps, in any order, and the default grade of its category.

    Only `take_lead`, `divert_accept` and `keep` move the lead. InputError when `initial` is no grade.
    """
    checked_severity(initial)
    ordered = sorted(steps, key=lambda step: step.order)
    leads = [step for step in ordered if STEP_KINDS[step.kind].takes_lead]
    grades = [step for step in ordered if step.kind == "grade"]
    closures = _closures(ordered)
    fixed_at = _fix_moment(leads, grades, closures)
    # `grades` is in order of time, so those that count are the ones before the first that came too late.
    counted = list(takewhile(lambda step: fixed_at is None or step.at <= fixed_at, grades))
    offer = _last_of(ordered, OFFERS | WITHDRAWS, OFFERS)
    asked = _last_of(ordered, {"grade_ask", "grade", "grade_refuse"}, {"grade_ask"})
    settled = _last_of(ordered, {"settle", *UNSETTLES}, {"settle"})
    due = _last_of(ordered, {"settle", "revisit", *UNSETTLES}, {"settle"})
    supervised = _last_of(ordered, {"supervise"})
    return MatterState(
        reached=MappingProxyType(_reached(leads)),
        lead_level=leads[-1].level if leads else None,
        closures=closures,
        severity_initial=initial,
        severity_now=_last_grade(grades, initial),
        severity=_last_grade(counted, initial),
        severity_at=fixed_at,
        last_at=ordered[-1].at if ordered else None,
        steps=len(ordered),
        lead_unit=leads[-1].unit if leads else None,
        offered_level=offer.level if offer else None,
        offered_unit=offer.to if offer else None,
        offer=offer.kind if offer else None,
        grade_asked=asked.severity if asked else None,
        settled_at=settled.at if settled else None,
        revisit_due_at=due.at + timedelta(days=REVISIT_DAYS) if due else None,
        supervised_at=supervised.at if supervised else None,
        satisfaction=next((step.satisfaction for step in reversed(ordered) if step.satisfaction), None),
        tags=tags(ordered),
        diversions=ledger(ordered),
        whistles=whistles(ordered),
    )


def _last_of(ordered: Sequence[Step], kinds: Collection[str], telling: Collection[str] | None = None) -> Step | None:
    """The last step of `kinds`, if it is one of those that tell something."""
    last = next((step for step in reversed(ordered) if step.kind in kinds), None)
    return last if last is not None and (telling is None or last.kind in telling) else None


def _reached(leads: Sequence[Step]) -> dict[Level, datetime]:
    reached: dict[Level, datetime] = {}
    for step in leads:
        if step.level is not None:
            reached.setdefault(step.level, step.at)
    return {level: reached[level] for level in LEVELS if level in reached}


def _closures(ordered: Sequence[Step]) -> tuple[Closure, ...]:
    """Closings in order; closing what is closed and reopening what is open change nothing."""
    closures: list[Closure] = []
    for step in ordered:
        is_open = not closures or closures[-1].reopened_at is not None
        if step.kind == "close" and is_open:
            closures.append(Closure(step.at))
        elif step.kind == "reopen" and not is_open:
            closures[-1] = Closure(closures[-1].closed_at, step.at)
    return tuple(closures)


def _fix_moment(leads: Sequence[Step], grades: Sequence[Step], closures: Sequence[Closure]) -> datetime | None:
    """When the grade was fixed: the lead left the cell with a grade approved, or else the first closing."""
    moments = [closure.closed_at for closure in closures[:1]]
    left = next((step.at for step in leads if step.level != "cell"), None)
    if left is not None and grades and grades[0].at <= left:
        moments.append(left)
    return min(moments, default=None)


def _last_grade(grades: Sequence[Step], initial: int) -> int:
    last = grades[-1].severity if grades else None
    return initial if last is None else last
