"""How a plan lives: who may take it from one state to the next, and when it may take effect."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from geo.errors import Denied, InputError, Refused
from grids.levels import Name
from grids.rights import Right, Who

PlanState = Literal["draft", "submitted", "approved", "published", "superseded", "withdrawn"]
PLAN_STATES: tuple[PlanState, ...] = get_args(PlanState)
STATE_NAMES: Mapping[PlanState, Name] = MappingProxyType(
    {
        "draft": Name("编制中", "draft"),
        "submitted": Name("待审批", "submitted"),
        "approved": Name("已批准", "approved"),
        "published": Name("已发布", "published"),
        "superseded": Name("已被替代", "superseded"),
        "withdrawn": Name("已作废", "withdrawn"),
    }
)


@dataclass(frozen=True)
class Step:
    """What may be done to a plan: from which states, to which, by which right; another: not by who submitted it."""

    name: Name
    since: tuple[PlanState, ...]
    to: PlanState
    right: Right
    another: bool = False


STEPS: Mapping[str, Step] = MappingProxyType(
    {
        "submit": Step(Name("提交审批", "submit"), ("draft",), "submitted", "plan"),
        "return": Step(Name("退回修改", "return"), ("submitted", "approved"), "draft", "approve_plan"),
        "take_back": Step(Name("收回", "take back"), ("submitted",), "draft", "plan"),
        "approve": Step(Name("批准", "approve"), ("submitted",), "approved", "approve_plan", another=True),
        "publish": Step(Name("发布", "publish"), ("approved",), "published", "approve_plan"),
        "supersede": Step(Name("替代", "supersede"), ("published",), "superseded", "approve_plan"),
        "withdraw": Step(Name("作废", "withdraw"), ("draft", "submitted", "approved"), "withdrawn", "plan"),
    }
)


def step(what: str, state: PlanState, who: Who, submitted_by: str | None = None) -> PlanState:
    """The state that a plan is in afterwards.

    submitted_by: who submitted it, who may not approve it too. Raises Denied without the right, Refused when the plan's
    state forbids it, InputError for a step that there is not.
    """
    found = STEPS.get(what)
    if found is None:
        raise InputError(f"A plan cannot be {what!r}: choose one of {', '.join(STEPS)}.")
    who.demand(found.right)
    if state not in found.since:
        now, needed = STATE_NAMES[state].en, " or ".join(STATE_NAMES[each].en for each in found.since)
        raise Refused(f"This plan is {now}; only a {needed} one can be taken to {STATE_NAMES[found.to].en}.")
    if found.another and who.name == submitted_by:
        raise Denied(f"{who.name} submitted this plan: somebody else must approve it.")
    return found.to


def takes_effect(day_start: datetime, now: datetime, zone: str) -> datetime:
    """The instant from which a published plan holds: midnight of a local day that has not begun.

    Raises Refused for today and days before, since who is called tonight must not change under way, and InputError for
    an instant that is no local midnight.
    """
    local = day_start.astimezone(ZoneInfo(zone))
    if (local.hour, local.minute, local.second, local.microsecond) != (0, 0, 0, 0):
        raise InputError(f"A plan takes effect at midnight, not at {local:%H:%M}: give a day.")
    if local.date() <= now.astimezone(ZoneInfo(zone)).date():
        raise Refused("A plan takes effect tomorrow at the earliest: choose a later day.")
    return day_start


@dataclass(frozen=True)
class Collision:
    """A cell that changed hands while a plan was being made: where it was, where it is now, where the plan puts it."""

    cell: str
    began: str
    now: str | None
    wanted: str

    @property
    def sentence(self) -> str:
        """In words."""
        if self.now is None:
            return f"Cell {self.cell} is not in force any more: take it out of the plan."
        was = f"Cell {self.cell} was in beat {self.began} when this plan began and is in {self.now} now"
        return f"{was}; the plan says {self.wanted}."

    @property
    def zh(self) -> str:
        """The same in Chinese."""
        if self.now is None:
            return f"网格{self.cell}已不是现行网格，请从方案中去掉"
        return f"网格{self.cell}在方案开始时属警格{self.began}，现属{self.now}，方案划入{self.wanted}"


def collisions(began: Mapping[str, str], now: Mapping[str, str], wanted: Mapping[str, str]) -> list[Collision]:
    """Cells that the plan moves and that somebody else has moved or redrawn meanwhile, by code.

    began, now: cell → beat when the plan began and as in force on the day it shall hold. wanted: what the plan says.
    A cell that is already where the plan wants it collides with nothing.
    """
    moved = [cell for cell, beat in sorted(began.items()) if wanted.get(cell, beat) != beat]
    changed = [cell for cell in moved if now.get(cell) not in (began[cell], wanted[cell])]
    return [Collision(cell, began[cell], now.get(cell), wanted[cell]) for cell in changed]
