"""One sentence a line of a scorecard: what was counted, what it must reach, and what came of it."""

import math
from typing import NamedTuple

_SIGN = {"at_most": "≤", "at_least": "≥"}


class Why(NamedTuple):
    """What a sentence needs: counts (NaN = missing; denominator None when the rule has none), rule, and verdict."""

    numerator: float
    denominator: float | None
    bound: str
    threshold: float
    met: bool | None
    points: float
    of: float


def why_zh(why: Why) -> str:
    """In Chinese."""
    verdict = {None: "数据不足，未评", True: "达标", False: "未达标"}[why.met]
    return f"{_figure(why)}（要求{_target(why)}）：{verdict}，{why.points:g}/{why.of:g}分"


def why_en(why: Why) -> str:
    """In English."""
    verdict = {None: "too little to judge", True: "met", False: "not met"}[why.met]
    return f"{_figure(why)} (wanted {_target(why)}): {verdict}, {why.points:g} of {why.of:g} points"


def _figure(why: Why) -> str:
    if why.denominator is None:
        return _count(why.numerator)
    counts = f"{_count(why.numerator)}/{_count(why.denominator)}"
    known = why.denominator > 0 and not math.isnan(why.numerator)
    return f"{counts} = {_percent(why.numerator / why.denominator)}" if known else counts


def _target(why: Why) -> str:
    wanted = _count(why.threshold) if why.denominator is None else _percent(why.threshold)
    return f"{_SIGN[why.bound]} {wanted}"


def _count(count: float) -> str:
    return "—" if math.isnan(count) else f"{count:g}"


def _percent(share: float) -> str:
    """Three digits that count: 98.3 %, 0.0721 %."""
    return f"{100 * share:.3g} %"
