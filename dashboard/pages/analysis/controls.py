"""The second row of filters: what is held beside the figures, whose borders, judged when, and a link to keep."""

from collections.abc import Mapping
from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.components import places
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


def compare_bar(view: View, facts: Facts, plans: Mapping[str, str], say: Say) -> Component:
    """All of them in one row, set to `view`; plans: code → name of those that the reader may look through."""
    against = [{"value": code, "label": say(name)} for code, name in AGAINST_NAMES.items()]
    controls = [
        html.Span(say("对比"), className="quiet"),
        dmc.SegmentedControl(id=ids.BESIDE, data=against, value=against_kind(view), size="xs"),
        _other_place(view, facts, say),
        html.Span(say("边界"), className="quiet"),
        _boundaries(view, plans, say),
        _judged(view, say),
        html.Span(className="spring"),
        html.A(say("固定日期的链接"), id=ids.SHARE, href="", title=say("以日期代替“近30天”，何时打开都是同一期间")),
    ]
    return html.Div(controls, className="filters filters-more", role="search")


def _other_place(view: View, facts: Facts, say: Say) -> Any:
    return dmc.Select(
        id=ids.BESIDE_PLACE,
        data=places.options(facts, say) if place_beside(view) else [],
        value=place_beside(view),
        searchable=True,
        limit=places.SHOWN,
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


def _boundaries(view: View, plans: Mapping[str, str], say: Say) -> Any:
    """As they were or as they are, side by side; with plans a list of these and of each plan."""
    fixed = [{"value": code, "label": say(name)} for code, name in BOUNDARY_NAMES.items()]
    drafts = plan_options(view, plans)
    if not drafts:
        return dmc.SegmentedControl(id=ids.BOUNDARIES, data=fixed, value=view.boundaries, size="xs")
    named: dict[str, Any] = {"aria-label": say("边界")}
    return dmc.Select(
        id=ids.BOUNDARIES,
        data=[*fixed, {"group": say("如果按方案"), "items": drafts}],
        value=view.boundaries,
        allowDeselect=False,
        size="xs",
        w=250,
        **named,
    )


def plan_options(view: View, plans: Mapping[str, str]) -> list[dict[str, str]]:
    """The plans, and the one that the address names even where the reader has no such."""
    own = view.boundaries.removeprefix(PLAN) if view.boundaries.startswith(PLAN) else None
    known = dict(plans) | ({own: ""} if own and own not in plans else {})
    return [{"value": f"{PLAN}{code}", "label": f"{code}　{name}" if name else code} for code, name in known.items()]


def picked(view: View) -> str | None:
    """The instant of judging as the picker takes it; "now" shows as none."""
    return None if view.as_of in (None, "now") else f"{view.as_of}:00".replace("T", " ")
