"""The second row of filters: what is held beside the figures, whose borders, judged when, and a link to keep."""

from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.components.filters import SHOWN_OPTIONS, place_options
from dashboard.language import Say
from dashboard.pages.analysis import ids
from dashboard.reading.facts import Facts
from dashboard.reading.view import PLAN, View

PLACE = "place"
AGAINST_NAMES = {
    "none": "不对比", "previous": "上一期", "last_year": "去年同期", PLACE: "另一地点", "policy": "三种口径",
    "boundaries": "两种边界",
}  # fmt: skip
BOUNDARY_NAMES = {"then": "当时边界", "now": "现行边界"}


def compare_bar(view: View, facts: Facts, say: Say) -> Component:
    """All of them in one row, set to `view`."""
    against = [{"value": code, "label": say(name)} for code, name in AGAINST_NAMES.items()]
    controls = [
        html.Span(say("对比"), className="quiet"),
        dmc.SegmentedControl(id=ids.BESIDE, data=against, value=against_kind(view), size="xs"),
        _other_place(view, facts, say),
        html.Span(say("边界"), className="quiet"),
        dmc.SegmentedControl(id=ids.BOUNDARIES, data=boundary_options(view, say), value=view.boundaries, size="xs"),
        _judged(view, say),
        html.Span(className="spring"),
        html.A(say("固定日期的链接"), id=ids.SHARE, href="", title=say("以日期代替“近30天”，何时打开都是同一期间")),
    ]
    return html.Div(controls, className="filters filters-more", role="search")


def _other_place(view: View, facts: Facts, say: Say) -> Any:
    return dmc.Select(
        id=ids.BESIDE_PLACE,
        data=place_options(facts, say),
        value=place_beside(view),
        searchable=True,
        limit=SHOWN_OPTIONS,
        nothingFoundMessage=say("没有这个地点"),
        placeholder=say("选择对比地点"),
        size="xs",
        w=200,
        style=place_style(view),
    )


def _judged(view: View, say: Say) -> Any:
    return dmc.DateTimePicker(
        id=ids.AS_OF,
        value=picked(view),
        valueFormat="YYYY-MM-DD HH:mm",
        placeholder=say("判定时点：期末"),
        clearable=True,
        size="xs",
        w=230,
    )


def against_kind(view: View) -> str:
    """Which kind of comparison the view makes: a key of AGAINST_NAMES."""
    kind = (view.against or "none").partition(":")[0]
    return kind if kind in AGAINST_NAMES else "none"


def place_beside(view: View) -> str | None:
    """The place that the view is held against."""
    return (view.against or "").partition(":")[2] or None


def place_style(view: View) -> dict[str, str]:
    """The other place is chosen only when places are compared."""
    return {} if against_kind(view) == PLACE else {"display": "none"}


def boundary_options(view: View, say: Say) -> list[dict[str, str]]:
    """As they were, as they are, and the plan that the address names."""
    plan = [(view.boundaries, view.boundaries.removeprefix(PLAN))] if view.boundaries.startswith(PLAN) else []
    named = [*((code, say(name)) for code, name in BOUNDARY_NAMES.items()), *plan]
    return [{"value": code, "label": name} for code, name in named]


def picked(view: View) -> str | None:
    """The instant of judging as the picker takes it; "now" shows as none."""
    return None if view.as_of in (None, "now") else f"{view.as_of}:00".replace("T", " ")
