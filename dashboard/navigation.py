"""Where one can go: every page with its name, and whether the browser changes to it without loading anew."""

from typing import NamedTuple

from dashboard.auth import current
from dashboard.auth.rules import rule_for
from grids.rights import RIGHTS


class Stop(NamedTuple):
    """A page; inside: drawn by Dash with the same filters, so that going there keeps them."""

    path: str
    words: str
    inside: bool = True


STOPS = (
    Stop("/", "总览"),
    Stop("/containment", "层级化解"),
    Stop("/workload", "负荷"),
    Stop("/hotspots", "热点"),
    Stop("/diversion", "分流"),
    Stop("/repeats", "重复"),
    Stop("/trends", "趋势"),
    Stop("/scorecards", "评分"),
    Stop("/bulletins", "通报"),
    Stop("/plan", "规划", inside=False),
    Stop("/wall", "大屏", inside=False),
    Stop("/beat", "警格", inside=False),
)


def open_stops() -> list[Stop]:
    """The pages that there are and that whoever asks may open (dashboard.auth.rules)."""
    return [stop for stop in STOPS if may_open(stop.path)]


def may_open(path: str) -> bool:
    """Whether the sender of the running request may see an address; outside of a request whatever there is."""
    rule, visitor = rule_for("GET", path), current.visitor()
    if rule is None or visitor is None or rule.need not in RIGHTS:
        return rule is not None
    return visitor.who.may(rule.need)
