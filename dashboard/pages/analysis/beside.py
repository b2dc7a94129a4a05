"""Side by side: the views that a comparison holds against each other, each with the words that head its column."""

from dataclasses import dataclass, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from dashboard.language import Say, one_of, speaker
from dashboard.reading.desk import Desk
from dashboard.reading.facts import Facts
from dashboard.reading.periods import custom
from dashboard.reading.view import PLAN, View
from db.measures.periods import AGAINST, other
from grids.policies import POLICIES

PLACE = "place:"
BOUNDARIES = {"then": "当时的边界", "now": "现行的边界"}


@dataclass(frozen=True)
class Column:
    """One of the views beside each other; label: "" when it stands alone."""

    label: str
    view: View


def columns(desk: Desk, view: View) -> list[Column]:
    """The view itself, or what it is compared as: two periods, two places, three policies, two sets of borders."""
    alone, against = replace(view, against=None), view.against or ""
    if against in AGAINST:
        return _periods(desk, alone, against)
    if against.startswith(PLACE):
        places = dict.fromkeys((view.place, against.removeprefix(PLACE)))
        return [Column(_place(desk.facts(), place, view.lang), replace(alone, place=place)) for place in places]
    if against == "policy":
        return [
            Column(one_of(view.lang, each.name_zh, each.name_en), replace(alone, policy=code))
            for code, each in POLICIES.items()
        ]
    if against == "boundaries":
        say = speaker(view.lang)
        drawn = dict.fromkeys(("then", "now", view.boundaries))
        return [Column(_borders(code, say), replace(alone, boundaries=code)) for code in drawn]
    return [Column("", alone)]


def _periods(desk: Desk, view: View, against: str) -> list[Column]:
    """This period and the other one, which ends as early in its last day as this one does."""
    name = desk.facts().city.zone
    here, now = ZoneInfo(name), desk.filter(view)
    then = other(now, name, against)
    start, end = then.start.astimezone(here), then.end.astimezone(here)
    before = custom(view, start.date(), end)
    spans = [(now.start.astimezone(here), now.end.astimezone(here)), (start, end)]
    labels = [f"{a:%Y-%m-%d} – {b - timedelta(microseconds=1):%Y-%m-%d}" for a, b in spans]
    return [Column(label, each) for label, each in zip(labels, (view, before), strict=True)]


def _borders(code: str, say: Say) -> str:
    return say(BOUNDARIES[code]) if code in BOUNDARIES else say("方案 {code} 的边界", code=code.removeprefix(PLAN))


def _place(facts: Facts, place: str | None, lang: str) -> str:
    return facts.name(place) if place else speaker(lang)("全市")
