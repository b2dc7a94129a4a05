"""One key figure beside the period before and last year: its counts, its interval, and an honest test of change."""

from typing import Any

from dashboard.bulletin.figures import WANTED
from grids.containment import wilson
from grids.trends import count_z, direction, share_z

Row = dict[str, Any]
Pair = tuple[float, float]  # k of n; for a count: how many, over so many days


def count_row(code: str, now: Pair, before: Pair | None, year: Pair | None) -> Row:
    """A count over days; None for a period with which nothing can be compared."""
    row: Row = {"code": code, "kind": "count", "k": now[0], "n": now[1], "low": None, "high": None}
    return (
        row
        | {"wanted": WANTED.get(code, "")}
        | _against("before", _count, now, before)
        | _against("year", _count, now, year)
    )


def share_row(code: str, now: Pair, before: Pair | None, year: Pair | None) -> Row:
    """A share k of n with its Wilson interval."""
    low, high = (float(end) for end in wilson(int(now[0]), int(now[1]))) if now[1] else (None, None)
    row: Row = {"code": code, "kind": "share", "k": now[0], "n": now[1], "low": low, "high": high}
    return (
        row
        | {"wanted": WANTED.get(code, "")}
        | _against("before", _share, now, before)
        | _against("year", _share, now, year)
    )


def _against(name: str, z_of: Any, now: Pair, then: Pair | None) -> Row:
    if then is None:
        return {f"{name}_k": None, f"{name}_n": None, f"{name}_z": None, f"{name}_direction": "unknown"}
    z = z_of(now, then)
    known = z == z  # not NaN
    told = {f"{name}_k": then[0], f"{name}_n": then[1], f"{name}_z": z if known else None}
    return told | {f"{name}_direction": str(direction(z)) if known else "unknown"}


def _count(now: Pair, then: Pair) -> float:
    return float(count_z(now[0], then[0], now[1], then[1]))


def _share(now: Pair, then: Pair) -> float:
    return float(share_z(*now, *then))
