"""What the overview does: the address follows the controls, and every panel follows the address."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from dash import Dash, Input, Output, ctx, no_update

from dashboard.pages import placefill
from dashboard.pages.offload import off_loop
from dashboard.pages.overview import ids, panels
from dashboard.pages.overview.address import Controls, clicked_place, custom_from, shown
from dashboard.reading.desk import Desk
from dashboard.reading.periods import days
from dashboard.reading.view import View

SEARCH = Input(ids.ADDRESS, "search")


def register(dash: Dash, desk: Desk) -> None:
    """Every callback of the page."""
    _address(dash, desk)
    placefill.register(dash, desk, ids.FILTERS, ids.ADDRESS)
    panels.register(dash, desk)


def _address(dash: Dash, desk: Desk) -> None:
    @dash.callback(
        Output(ids.ADDRESS, "search"),
        Output(ids.PERIOD, "value"),
        Output(ids.DATES, "value"),
        Output(ids.DATES, "style"),
        Output(ids.GROUPS, "value"),
        Output(ids.CHANNELS, "value"),
        Output(ids.POLICY, "value"),
        Output(ids.MAP_VALUE, "value"),
        Output(ids.MAP_HEAT, "checked"),
        Output(ids.BY, "value"),
        Output(ids.PLACE_SEARCH, "value"),
        Output(ids.PLACE_TREE, "selected"),
        Output(ids.PLACE_BUTTON, "children"),
        Output(ids.GROUPS_BUTTON, "children"),
        Output(ids.CHANNELS_BUTTON, "children"),
        SEARCH,
        Input(ids.PERIOD, "value"),
        Input(ids.DATES, "value"),
        Input(ids.GROUPS, "value"),
        Input(ids.CHANNELS, "value"),
        Input(ids.POLICY, "value"),
        Input(ids.MAP_VALUE, "value"),
        Input(ids.MAP_HEAT, "checked"),
        Input(ids.BY, "value"),
        Input(ids.PLACE_SEARCH, "value"),
        Input(ids.PLACE_TREE, "selected"),
        Input(ids.MAP, "clickData"),
        Input(ids.WORK, "clickData"),
        Input(ids.TABLE, "cellClicked"),
        Input(ids.CLEAR, "n_clicks"),
        prevent_initial_call=True,
    )
    async def _follow(search: str, *given: Any) -> tuple[Any, ...]:
        return await off_loop(follow, desk, ctx.triggered_id, search, given)


def follow(desk: Desk, trigger: str | None, search: str, given: tuple[Any, ...]) -> tuple[Any, ...]:
    """The address and all controls after `trigger` changed."""
    before, facts = View.forgiving(search), desk.facts()
    if trigger in (ids.ADDRESS, None):
        return (no_update, *shown(before, facts))  # a late answer must not put an older address back
    view = after(desk, str(trigger), before, given)
    query = view.query()
    return (f"?{query}" if query else "", *shown(view, facts))


def after(desk: Desk, trigger: str, before: View, given: tuple[Any, ...]) -> View:
    """The view that a click or a control asks for."""
    *controls, searched, tree, on_map, on_bar, on_row, _clear = given
    if trigger == ids.CLEAR:
        return View(lang=before.lang, theme=before.theme)
    clicks = {
        ids.PLACE_SEARCH: ("search", searched),
        ids.PLACE_TREE: ("tree", tree),
        ids.MAP: ("map", on_map),
        ids.WORK: ("bar", bar_place(on_bar)),
        ids.TABLE: ("row", f"{before.by}:{on_row['rowId']}" if on_row and on_row["rowId"] else None),
    }
    if trigger in clicks:
        place = clicked_place(*clicks[trigger])
        cleared = trigger in (ids.PLACE_SEARCH, ids.PLACE_TREE)
        return replace(before, place=place if place or cleared else before.place)
    today = desk.now().astimezone(ZoneInfo(desk.facts().city.zone)).date()
    return custom_from(Controls(*controls).onto(before), before, days(before, today))


def bar_place(click: dict[str, Any] | None) -> str | None:
    """The beat of a clicked bar; an officer's bar filters nothing."""
    key = click["points"][0]["customdata"][3] if click else None
    return f"beat:{key}" if key else None
