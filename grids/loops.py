"""The closed loop: one machine of phases, and the wordings by which places tell it, as data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from grids.levels import Name
from grids.situations import SENSOR
from grids.steps import STEP_KINDS, Step

# Phases in the order of a case that goes straight through; "passing" and "mediating" are on the way of some only.
PHASES: Mapping[str, Name] = MappingProxyType(
    {
        "found": Name("发现", "found"),
        "registered": Name("登记", "registered"),
        "verifying": Name("核查", "being verified"),
        "handling": Name("处置", "being handled"),
        "passing": Name("流转", "being passed on"),
        "mediating": Name("调解", "being mediated"),
        "settled": Name("化解", "settled"),
        "closed": Name("办结", "closed"),
    }
)
# The phase that a step leads to; a kind that is not named leaves the phase as it is.
ENTERS: Mapping[str, str] = MappingProxyType(
    {
        "register": "registered", "verify": "verifying", "dismiss": "verifying", "dispatch": "passing",
        "transfer": "passing", "escalate": "passing", "divert": "passing", "divert_bounce": "passing",
        "receive": "handling", "respond": "handling", "take_lead": "handling", "handle": "handling",
        "divert_accept": "handling", "keep": "handling", "attend": "handling", "mediate": "mediating",
        "confirm": "mediating", "settle": "settled", "close": "closed", "reopen": "handling",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Loop:
    """One place's wording of the loop: its stages in order, and which of them a phase belongs to (by position)."""

    zh: str
    stages: tuple[Name, ...]
    stage_of: Mapping[str, int]


def _loop(stages: str, names: str, **phases: int) -> Loop:
    words = tuple(Name(zh, en) for zh, en in zip(stages.split("-"), names.split(", "), strict=True))
    return Loop(stages, words, MappingProxyType(phases))


LOOPS: Mapping[str, Loop] = MappingProxyType(
    {
        "report": _loop(
            "排查-上报-处置-反馈", "found, reported, handled, fed back",
            found=0, registered=1, verifying=1, handling=2, passing=2, mediating=2, settled=3, closed=3,
        ),
        "clear": _loop(
            "排查-处置-流转-调解-清零", "found, handled, passed on, mediated, cleared",
            found=0, registered=0, verifying=0, handling=1, passing=2, mediating=3, settled=4, closed=4,
        ),
        "alert": _loop(
            "感知-预警-核查-处置", "sensed, alerted, verified, handled",
            found=0, registered=1, verifying=2, handling=3, passing=3, mediating=3, settled=3, closed=3,
        ),
    }
)  # fmt: skip


def phase(steps: Iterable[Step]) -> str:
    """The phase in which a matter's steps, in order, have left it."""
    found = "found"
    for step in steps:
        # Whoever reports in or mediates after the settling does not undo it.
        ends = {"settled": ("close", "reopen"), "closed": ("reopen",)}.get(found)
        if ends is None or step.kind in ends:
            found = ENTERS.get(step.kind, found)
    return found


def loop_of(channel: str) -> Loop:
    """The wording that fits a channel unless a place prefers another: sensor alerts have their own."""
    return LOOPS["alert" if channel == SENSOR else "clear"]


def stage(loop: Loop, phase_now: str) -> Name:
    """What a wording calls a phase."""
    return loop.stages[loop.stage_of[phase_now]]


assert set(ENTERS) <= set(STEP_KINDS)
