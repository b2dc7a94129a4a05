"""The kinds of handling step, and one step of a matter's history."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, get_args

from geo.errors import InputError
from grids.grading import checked_severity
from grids.levels import LEVELS, Level, is_level

Role = Literal["lead", "assist", "mediate", "respond"]
ROLES: tuple[Role, ...] = get_args(Role)


class StepKind(NamedTuple):
    """One kind of step; a kind with a default role is handling: it carries work minutes."""

    zh: str
    en: str
    takes_lead: bool = False
    default_role: Role | None = None


# The order is the tie rule: steps of one matter with equal time and number count in the order of this table.
STEP_KINDS: Mapping[str, StepKind] = MappingProxyType(
    {
        "register": StepKind("登记", "registered"),
        "verify": StepKind("核查属实", "verified", default_role="respond"),
        "dismiss": StepKind("核查不实", "dismissed", default_role="respond"),
        "grade_ask": StepKind("申请定级", "grade asked for"),
        "grade": StepKind("定级", "graded"),
        "grade_refuse": StepKind("定级退回", "grade refused"),
        "dispatch": StepKind("派单", "dispatched"),
        "receive": StepKind("签收", "received"),
        "respond": StepKind("先期处置", "first response", default_role="respond"),
        "transfer": StepKind("移交", "passed on"),
        "escalate": StepKind("上报", "sent up"),
        "take_lead": StepKind("接办", "lead taken", takes_lead=True, default_role="lead"),
        "handle": StepKind("办理", "handled", default_role="lead"),
        "assist": StepKind("协办", "assisted", default_role="assist"),
        "whistle": StepKind("吹哨", "whistled"),
        "attend": StepKind("报到", "attended", default_role="assist"),
        "mediate": StepKind("调解", "mediated", default_role="mediate"),
        "divert": StepKind("分流", "diverted"),
        "divert_accept": StepKind("接收分流", "diversion accepted", takes_lead=True, default_role="lead"),
        "divert_bounce": StepKind("退回", "diversion bounced"),
        "divert_done": StepKind("分流办结", "diversion done"),
        "keep": StepKind("首接兜底", "kept by its first receiver", takes_lead=True, default_role="lead"),
        "refer": StepKind("关爱转介", "referred to care", default_role="assist"),
        "supervise": StepKind("督办", "supervised"),
        "urge": StepKind("催办", "urged"),
        "meet": StepKind("例会研判", "spoken of in a meeting"),
        "tag": StepKind("标记", "tagged"),
        "untag": StepKind("取消标记", "tag removed"),
        "settle": StepKind("化解", "settled", default_role="lead"),
        "confirm": StepKind("司法确认", "confirmed by the court"),
        "close": StepKind("办结", "closed"),
        "revisit": StepKind("回访", "revisited"),
        "reopen": StepKind("重办", "reopened"),
    }
)

# What offers the lead to somebody, and what ends an offer that nobody has answered.
OFFERS = frozenset({"dispatch", "transfer", "escalate", "divert"})
WITHDRAWS = frozenset({"take_lead", "divert_accept", "keep", "divert_bounce", "close", "dismiss"})
# What takes a settling back.
UNSETTLES = frozenset({"reopen"})


@dataclass(frozen=True)
class Step:
    """One handling step, as far as it decides a matter's state: `at` is aware, `no` orders equal times.

    unit: code of the unit that did it. actor: who recorded it. detail: what its kind says beside (docs/casework.md).
    Raises InputError for a naive time, an unknown kind, level or grade, a lead taken at no level, a grade
    step without its grade.
    """

    at: datetime
    no: int
    kind: str
    level: Level | None = None
    severity: int | None = None
    unit: str | None = None
    actor: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if self.at.utcoffset() is None:
            raise InputError(f"Give the time of step {self.no} its time zone.")
        if self.kind not in STEP_KINDS:
            raise InputError(f"Step {self.no} has the unknown kind {self.kind!r}: use one of {', '.join(STEP_KINDS)}.")
        if self.level is None and STEP_KINDS[self.kind].takes_lead:
            raise InputError(f"Step {self.no} ({self.kind}) takes the lead: say at which level.")
        if self.level is not None and not is_level(self.level):
            raise InputError(f"Step {self.no} has the unknown level {self.level!r}: use one of {', '.join(LEVELS)}.")
        if self.severity is not None:
            checked_severity(self.severity)
        elif self.kind == "grade":
            raise InputError(f"Step {self.no} approves a grade: say which (1, 2 or 3).")

    @property
    def to(self) -> str | None:
        """Code of the unit that the matter is offered to."""
        told = self.detail.get("to")
        return told if isinstance(told, str) and told else None

    @property
    def satisfaction(self) -> int | None:
        """How satisfied the people were, 1..5, where the step says so."""
        told = self.detail.get("satisfaction")
        return told if isinstance(told, int) and 1 <= told <= 5 else None

    @property
    def order(self) -> tuple[Any, ...]:
        """Sort key: time, number, then everything the step says, so that the order of rows never matters."""
        kind = list(STEP_KINDS).index(self.kind)
        level = -1 if self.level is None else LEVELS.index(self.level)
        said = (self.unit or "", self.to or "", self.satisfaction or 0, repr(sorted(self.detail.items())))
        return (self.at, self.no, kind, level, self.severity or 0, *said)
