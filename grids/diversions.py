"""The ledgers of a matter that travels: diversions 分流, whistles 吹哨, tags, and which units have a part in it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from grids.steps import STEP_KINDS, Step

# A matter without any of these has empty ledgers and no tags.
LEDGER_KINDS = frozenset(
    {"divert", "divert_accept", "divert_bounce", "divert_done", "keep", "whistle", "attend", "tag", "untag"}
)

# Whoever passes a matter on keeps following it.
PASSED_ON = frozenset({"transfer", "escalate", "divert"})


@dataclass(frozen=True)
class Diversion:
    """One line of the diversion ledger: who sent it to whom, and what became of it; `no` is the sending step's."""

    sent_at: datetime
    no: int
    from_unit: str | None
    to_unit: str | None
    accepted_at: datetime | None = None
    bounced_at: datetime | None = None
    done_at: datetime | None = None
    kept: bool = False

    @property
    def waits(self) -> bool:
        """Whether nobody has answered it yet."""
        return self.accepted_at is None and self.bounced_at is None and not self.kept

    @property
    def in_hand(self) -> bool:
        """Whether the receiver has accepted it and is not done."""
        return self.accepted_at is not None and self.done_at is None


@dataclass(frozen=True)
class Whistle:
    """A department called to a matter by a time, and when it reported in; `no` is the whistling step's."""

    at: datetime
    no: int
    unit: str
    report_by: datetime | None
    attended_at: datetime | None = None


def ledger(steps: Iterable[Step]) -> tuple[Diversion, ...]:
    """The diversions of one matter, from its steps in order.

    An answer belongs to the newest unanswered diversion to that unit, or else to the newest that names no unit. Closing
    the matter ends what was accepted; `keep` marks the newest diversion that nobody accepted.
    """
    lines: list[Diversion] = []
    for step in steps:
        if step.kind == "divert":
            lines.append(Diversion(step.at, step.no, step.unit, step.to))
        elif step.kind in ("divert_accept", "divert_bounce", "divert_done"):
            _answer(lines, step)
        elif step.kind == "keep":
            _keep(lines)
        elif step.kind == "close":
            lines = [replace(line, done_at=step.at) if line.in_hand else line for line in lines]
    return tuple(lines)


def whistles(steps: Iterable[Step]) -> tuple[Whistle, ...]:
    """The departments called to one matter, from its steps in order; reporting in answers every open call."""
    calls: list[Whistle] = []
    for step in steps:
        if step.kind == "whistle":
            calls += [Whistle(step.at, step.no, unit, report_by(step)) for unit in departments(step)]
        elif step.kind == "attend":
            unit = doer(step)
            calls = [
                replace(call, attended_at=step.at) if call.unit == unit and call.attended_at is None else call
                for call in calls
            ]
    return tuple(calls)


def departments(step: Step) -> tuple[str, ...]:
    """Codes of the departments that a whistle calls, each once."""
    told = step.detail.get("departments")
    named = [told] if isinstance(told, str) else told if isinstance(told, list | tuple) else []
    return tuple(dict.fromkeys(unit for unit in named if isinstance(unit, str) and unit))


def report_by(step: Step) -> datetime | None:
    """The instant by which called departments must report in; None when the step says none that can be read."""
    told = step.detail.get("report_by")
    try:
        at = told if isinstance(told, datetime) else datetime.fromisoformat(str(told))
    except ValueError:
        return None
    return at if at.utcoffset() is not None else None


def doer(step: Step) -> str | None:
    """Code of the unit that answers: named in the detail, or else the unit of the step."""
    told = step.detail.get("unit")
    return told if isinstance(told, str) and told else step.unit


def tags(steps: Iterable[Step]) -> tuple[str, ...]:
    """The tags that stand, in alphabetical order."""
    standing: set[str] = set()
    for step in steps:
        tag = step.detail.get("tag")
        if step.kind == "tag" and isinstance(tag, str):
            standing.add(tag)
        elif step.kind == "untag" and isinstance(tag, str):
            standing.discard(tag)
    return tuple(sorted(standing))


def followers(steps: Iterable[Step], lead_unit: str | None) -> frozenset[str]:
    """Units that held the lead, or sent the matter on, and keep following it (分流不分家)."""
    had = {step.unit for step in steps if STEP_KINDS[step.kind].takes_lead or step.kind in PASSED_ON}
    return frozenset(unit for unit in had if unit is not None and unit != lead_unit)


def first_receiver(steps: Iterable[Step]) -> Step | None:
    """The step by which the first unit took the lead (首接): that unit keeps what nobody accepts."""
    return next((step for step in steps if STEP_KINDS[step.kind].takes_lead), None)


def _answer(lines: list[Diversion], step: Step) -> None:
    unit, done = doer(step), step.kind == "divert_done"
    open_lines = [k for k, line in enumerate(lines) if (line.in_hand if done else line.waits)]
    named = [k for k in open_lines if lines[k].to_unit == unit] if unit is not None else open_lines
    found = named or [k for k in open_lines if lines[k].to_unit is None]
    if found:
        k = found[-1]
        told = {"divert_accept": "accepted_at", "divert_bounce": "bounced_at", "divert_done": "done_at"}[step.kind]
        lines[k] = replace(lines[k], to_unit=lines[k].to_unit or unit, **{told: step.at})  # type: ignore[arg-type]


def _keep(lines: list[Diversion]) -> None:
    for k in range(len(lines) - 1, -1, -1):
        if lines[k].accepted_at is None and not lines[k].kept:
            lines[k] = replace(lines[k], kept=True)
            return
