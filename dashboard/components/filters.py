"""The filter bar: time, place, categories, channels and policy; every control shows what the address says."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components import places
from dashboard.components.aria import HIDDEN
from dashboard.components.filter_ids import FilterIds
from dashboard.components.states import loading
from dashboard.language import Say, one_of
from dashboard.reading.facts import Facts
from dashboard.reading.view import View
from grids.policies import POLICIES

PERIOD_NAMES = {
    "today": "今日", "7d": "近7天", "30d": "近30天", "month": "本月", "year": "近一年", "custom": "自定义",
}  # fmt: skip

FOLDED: dict[str, Any] = {"aria-expanded": "false"}


def filter_bar(view: View, facts: Facts, say: Say, ids: FilterIds, more: Sequence[Component] = ()) -> Component:
    """All controls in one row, set to `view`; `more` stands before the way to clear them.

    Where a screen is narrow only time and place show until the toggle is pressed (assets/screen.js).
    """
    controls = [
        _periods(view, say, ids),
        _places(view, facts, say, ids),
        html.Button(say("更多条件"), type="button", className="filters-toggle", **FOLDED),
        _many(ids.groups_button, ids.groups, say("类别"), {g: g for g in facts.groups()}, view.groups, say),
        _many(ids.channels_button, ids.channels, say("渠道"), facts.channel_names(view.lang), view.channels, say),
        _policies(view, say, ids),
        *more,
        dmc.Button(say("清除"), id=ids.clear, variant="subtle", size="xs", className="filter-clear"),
        html.Div(id=ids.period_text, className="filter-period-text"),
    ]
    return html.Div(controls, className="filters", role="search")


def _periods(view: View, say: Say, ids: FilterIds) -> Component:
    options = [{"value": code, "label": say(name)} for code, name in PERIOD_NAMES.items()]
    dates = dmc.DatePickerInput(
        id=ids.dates,
        type="range",
        value=date_values(view),
        valueFormat="YYYY-MM-DD",
        placeholder=say("起止日期"),
        size="xs",
        w=210,
        style=dates_style(view),
        clearable=False,
    )
    provider = dmc.DatesProvider(
        dates, settings={"locale": "zh-cn" if view.lang == "zh" else "en", "firstDayOfWeek": 1}
    )
    return html.Div(
        [dmc.SegmentedControl(id=ids.period, data=options, value=view.period, size="xs"), provider],
        className="filter-group",
    )


def period_text(days: str, view: View, say: Say) -> list[Any]:
    """The days that are shown; and, where a screen is narrow, how many conditions it hides."""
    plain = View()
    hidden = ("groups", "categories", "channels", "policy", "against", "boundaries", "as_of")
    n = sum(getattr(view, name) != getattr(plain, name) for name in hidden)
    return [days, html.Span(say("另有 {n} 项条件", n=n), className="filters-hidden")] if n else [days]


def date_values(view: View) -> list[str | None]:
    """The picker's value: both days or neither."""
    return [view.first.isoformat(), view.last.isoformat()] if view.first and view.last else [None, None]


def dates_style(view: View) -> dict[str, str]:
    """The picker shows only for a custom period."""
    return {} if view.period == "custom" else {"display": "none"}


def _places(view: View, facts: Facts, say: Say, ids: FilterIds) -> Any:
    search = dmc.Select(
        id=ids.place_search,
        data=places.chosen(view.place, facts),
        value=view.place,
        searchable=True,
        clearable=True,
        limit=places.SHOWN,
        openOnFocus=False,  # the tree below it would lie hidden
        nothingFoundMessage=say("没有这个地点"),
        placeholder=say("搜索派出所、社区、警格、网格"),
        size="xs",
        comboboxProps={"withinPortal": False},
    )
    tree = dmc.Tree(
        id=ids.place_tree,
        data=[],
        selected=[view.place] if view.place else [],
        expanded=facts.trail(view.place)[:-1],
        selectOnClick=True,
        expandOnClick=True,
        levelOffset="md",
    )
    waiting = html.Div(loading("table", say), className="places-awaited")
    body = [search, dmc.ScrollArea([tree, waiting], h=320, mt=8), dcc.Store(id=ids.place_asked)]
    return dropdown(ids.place_button, place_text(view, facts, say), body, 320)


def place_text(view: View, facts: Facts, say: Say) -> str:
    """What the place button says."""
    return labelled(say("地点"), facts.name(view.place) if view.place else say("全部"), say)


def _many(button: str, group: str, title: str, options: dict[str, str], chosen: tuple[str, ...], say: Say) -> Any:
    boxes = [dmc.Checkbox(label=name, value=code, size="xs") for code, name in options.items()]
    body = dmc.ScrollArea(
        dmc.CheckboxGroup(id=group, value=list(chosen), children=dmc.Stack(boxes, gap=8)), mah=360, type="auto"
    )
    return dropdown(button, many_text(title, chosen, options, say), body, 220)


def many_text(title: str, chosen: tuple[str, ...], names: dict[str, str], say: Say) -> str:
    """What a button of several choices says: all, the only one's name, or how many."""
    if not chosen:
        return labelled(title, say("全部"), say)
    return labelled(title, names.get(chosen[0], chosen[0]) if len(chosen) == 1 else say("{n} 项", n=len(chosen)), say)


def labelled(title: str, value: str, say: Say) -> str:
    """A title and its value with the language's own colon."""
    return say("{title}：{value}", title=title, value=value)


def opener(button: str) -> str:
    """The button itself around the words with this id."""
    return f"{button}-opener"


def dropdown(button: str, text: str, body: Any, width: int) -> Any:
    """A button that opens `body`; `button` is the id of its words."""
    target = dmc.Button(
        html.Span(text, id=button, className="filter-button-text"),
        id=opener(button),
        variant="default",
        size="xs",
        rightSection=html.Span("▾", **HIDDEN),
    )
    return dmc.Popover(
        [dmc.PopoverTarget(target), dmc.PopoverDropdown(body)],
        withRoles=False,  # Mantine gives them to a frame around the button, where they mean nothing
        width=width,
        position="bottom-start",
        shadow="md",
        trapFocus=True,
        keepMounted=True,
    )


def _policies(view: View, say: Say, ids: FilterIds) -> Component:
    options = [
        {"value": code, "label": one_of(view.lang, each.name_zh, each.name_en)} for code, each in POLICIES.items()
    ]
    control = dmc.SegmentedControl(id=ids.policy, data=options, value=view.policy, size="xs")
    return html.Div([html.Span(say("口径"), className="quiet"), control], className="filter-group")
