"""Controls and address kept the same: whichever changes, the other follows. Nothing is fetched here."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from dashboard.components.filters import date_values, dates_style, many_text, place_text
from dashboard.language import speaker
from dashboard.reading.facts import Facts
from dashboard.reading.view import View


@dataclass(frozen=True)
class Controls:
    """The values of the overview's controls, in the order of the callback's inputs."""

    period: str
    dates: list[str | None] | None
    groups: list[str]
    channels: list[str]
    policy: str
    value: str
    heat: bool
    by: str

    def onto(self, view: View) -> View:
        """`view` as the controls want it; language, theme, place and single categories stay."""
        changed = replace(
            view,
            period=self.period,
            groups=tuple(self.groups or ()),
            channels=tuple(self.channels or ()),
            policy=self.policy,
            value=self.value,
            heat=bool(self.heat),
            by=self.by,
        )
        return self._dated(changed)

    def _dated(self, view: View) -> View:
        if view.period != "custom" or not self.dates or not all(self.dates):
            return view
        first, last = (date.fromisoformat(str(day)[:10]) for day in self.dates)
        return replace(view, first=first, last=last)


def custom_from(view: View, before: View, days: tuple[date, date]) -> View:
    """A custom period just chosen starts as the days that were shown before."""
    if view.period == "custom" and not (view.first and view.last):
        return replace(view, first=before.first or days[0], last=before.last or days[1])
    return view if view.period == "custom" else replace(view, first=None, last=None)


def clicked_place(kind: str, value: Any) -> str | None:
    """The place behind a click: a map cell, a bar, a table row, a tree node or a search result."""
    if not value:
        return None
    if kind == "map":
        return f"cell:{value['points'][0]['location']}"
    if kind == "tree":
        return str(value[-1])
    return str(value)


def shown(view: View, facts: Facts) -> tuple[Any, ...]:
    """What every control must show for `view`, in the order of the callback's outputs."""
    chosen, told = filters_shown(view, facts)
    return *chosen, view.value, view.heat, view.by, *told


def filters_shown(view: View, facts: Facts) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """What the filters of every page show: period, dates, their style, groups, channels, policy; and the place in the
    search, in the tree and in words, groups and channels in words."""
    say = speaker(view.lang)
    chosen = (
        view.period,
        date_values(view),
        dates_style(view),
        list(view.groups),
        list(view.channels),
        view.policy,
    )
    told = (
        view.place,
        [view.place] if view.place else [],
        place_text(view, facts, say),
        many_text(say("类别"), view.groups, {}, say),
        many_text(say("渠道"), view.channels, facts.channel_names(view.lang), say),
    )
    return chosen, told
