"""The filters and the address of an analysis page kept the same: whichever changes, the other follows."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dashboard.pages.analysis import ids
from dashboard.pages.analysis.controls import PLACE, against_kind, picked, place_beside, place_style
from dashboard.pages.overview.address import Controls, custom_from, filters_shown
from dashboard.reading.desk import Desk
from dashboard.reading.facts import Facts
from dashboard.reading.periods import days
from dashboard.reading.view import View


@dataclass(frozen=True)
class Given:
    """The values of the filters, in the order of the callback's inputs."""

    period: str
    dates: list[str | None] | None
    groups: list[str]
    channels: list[str]
    policy: str
    searched: str | None
    tree: list[str] | None
    beside: str
    beside_place: str | None
    boundaries: str
    as_of: str | None


def after(desk: Desk, trigger: str | None, before: View, given: Given) -> View:
    """The view that a changed filter asks for; a change of the address itself asks for nothing more."""
    names = ids.FILTERS
    if trigger in (None, ids.ADDRESS):
        return before
    if trigger == names.clear:
        return View(lang=before.lang, theme=before.theme)
    if trigger in (names.place_search, names.place_tree):
        tree = given.tree[-1] if given.tree else None
        return replace(before, place=(given.searched or None) if trigger == names.place_search else tree)
    if trigger in (ids.BESIDE, ids.BESIDE_PLACE):
        return replace(before, against=_against(trigger, given))
    if trigger == ids.BOUNDARIES:
        return replace(before, boundaries=given.boundaries)
    if trigger == ids.AS_OF:
        return replace(before, as_of=_instant(given.as_of))
    told = Controls(
        given.period, given.dates, given.groups, given.channels, given.policy, before.value, before.heat, before.by
    )
    today = desk.now().astimezone(ZoneInfo(desk.facts().city.zone)).date()
    changed = custom_from(told.onto(before), before, days(before, today))
    same = (changed.period, changed.first, changed.last) == (before.period, before.first, before.last)
    return changed if same else replace(changed, until=None)


def _against(trigger: str, given: Given) -> str | None:
    if trigger == ids.BESIDE_PLACE or given.beside == PLACE:
        return f"{PLACE}:{given.beside_place}" if given.beside_place else None
    return None if given.beside == "none" else given.beside


def _instant(text: str | None) -> str | None:
    return datetime.fromisoformat(text).replace(tzinfo=None).isoformat(timespec="minutes") if text else None


def shown(view: View, facts: Facts, choosing_place: bool) -> tuple[Any, ...]:
    """What every filter must show for `view`, in the order of the callback's outputs.

    choosing_place: the reader wants another place beside this one but has not named it yet.
    """
    chosen, told = filters_shown(view, facts)
    return (
        *chosen,
        *told,
        PLACE if choosing_place else against_kind(view),
        place_beside(view),
        {} if choosing_place else place_style(view),
        view.boundaries,
        picked(view),
    )
