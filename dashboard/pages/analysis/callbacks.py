"""What analysis pages do: the address follows the filters, panels follow the address, a mark leads to its rows."""

import logging
from typing import Any

from dash import ALL, MATCH, Dash, Input, Output, State, ctx, no_update
from dash.development.base_component import Component

from dashboard import problems
from dashboard.components import notes
from dashboard.language import speaker
from dashboard.pages import placefill
from dashboard.pages.analysis import ids, registry
from dashboard.pages.analysis.address import Given, after, shown
from dashboard.pages.analysis.controls import PLACE
from dashboard.pages.analysis.filling import filled
from dashboard.pages.analysis.heading import heading
from dashboard.pages.browser import in_browser
from dashboard.pages.offload import off_loop
from dashboard.reading.desk import Desk
from dashboard.reading.view import View
from dashboard.refusals import in_words
from geo.errors import BeatgridError, NotFound

LOG = logging.getLogger("beatgrid")
SEARCH = Input(ids.ADDRESS, "search")
SEARCH_STATE = State(ids.ADDRESS, "search")
FILTERS = ids.FILTERS
SHOWN = (
    (FILTERS.period, "value"), (FILTERS.dates, "value"), (FILTERS.dates, "style"), (FILTERS.groups, "value"),
    (FILTERS.channels, "value"), (FILTERS.policy, "value"), (FILTERS.place_search, "value"),
    (FILTERS.place_tree, "selected"), (FILTERS.place_button, "children"), (FILTERS.groups_button, "children"),
    (FILTERS.channels_button, "children"), (ids.BESIDE, "value"), (ids.BESIDE_PLACE, "value"),
    (ids.BESIDE_PLACE, "style"), (ids.BOUNDARIES, "value"), (ids.AS_OF, "value"),
)  # fmt: skip
GIVEN = (
    (FILTERS.period, "value"), (FILTERS.dates, "value"), (FILTERS.groups, "value"), (FILTERS.channels, "value"),
    (FILTERS.policy, "value"), (FILTERS.place_search, "value"), (FILTERS.place_tree, "selected"),
    (ids.BESIDE, "value"), (ids.BESIDE_PLACE, "value"), (ids.BOUNDARIES, "value"), (ids.AS_OF, "value"),
)  # fmt: skip


def register(dash: Dash, desk: Desk) -> None:
    """Every callback, once for all pages: panels are matched by their page and name."""
    _filters(dash, desk)
    placefill.register(dash, desk, FILTERS, ids.ADDRESS)
    _beside(dash, desk)
    _heading(dash, desk)
    _panels(dash, desk)
    mark = {"part": "graph", "page": ALL, "name": ALL, "n": ALL}
    in_browser(dash, "marks", "follow", Output(ids.FOLLOWED, "data"), Input(mark, "clickData"))


def _filters(dash: Dash, desk: Desk) -> None:
    @dash.callback(
        Output(ids.ADDRESS, "search"),
        *(Output(*part) for part in SHOWN),
        SEARCH,
        *(Input(*part) for part in GIVEN),
        Input(FILTERS.clear, "n_clicks"),
        prevent_initial_call=True,
    )
    async def _follow(search: str | None, *given: Any) -> tuple[Any, ...]:
        return await off_loop(follow, desk, ctx.triggered_id, search, Given(*given[:-1]))


def _beside(dash: Dash, desk: Desk) -> None:
    """The places to compare with are fetched once somebody wants to compare places."""

    @dash.callback(
        Output(ids.BESIDE_PLACE, "data"), Input(ids.BESIDE, "value"), SEARCH_STATE, prevent_initial_call=True
    )
    async def _offer(beside: str, search: str | None) -> Any:
        if beside != PLACE:
            return no_update
        return (await off_loop(placefill.offered, desk, View.forgiving(search).lang))[0]


def follow(desk: Desk, trigger: str | None, search: str | None, given: Given) -> tuple[Any, ...]:
    """The address and all filters after `trigger` changed."""
    view = after(desk, trigger, View.forgiving(search), given)
    query = view.query()
    address = no_update if trigger in (None, ids.ADDRESS) else f"?{query}" if query else ""
    choosing = trigger == ids.BESIDE and given.beside == PLACE
    return (address, *shown(view, desk.facts(), choosing))  # a late answer must not put an older address back


def _heading(dash: Dash, desk: Desk) -> None:
    parts = [
        (FILTERS.period_text, "children"), (ids.THROUGH, "children"), (ids.BANNER, "children"), (ids.SHARE, "href"),
    ]  # fmt: skip

    @dash.callback([Output(*part) for part in parts], SEARCH, State(ids.ADDRESS, "pathname"))
    async def _head(search: str | None, pathname: str | None) -> Any:
        return await off_loop(guarded_heading, desk, search, pathname)


def guarded_heading(desk: Desk, search: str | None, pathname: str | None) -> Any:
    """What stands over the panels; an error of reading stands in its banner."""
    view = View.forgiving(search)
    say = speaker(view.lang)
    try:
        return heading(desk, view, pathname or "/")
    except NotFound:
        banner = notes.no_such_place(str(view.place), say, view.link(pathname or "/", place=None))
        return no_update, no_update, banner, no_update
    except BeatgridError as error:
        return no_update, no_update, notes.failed(in_words(error, view.lang), say), no_update


def _panels(dash: Dash, desk: Desk) -> None:
    part = {"part": "panel", "page": MATCH, "name": MATCH}

    @dash.callback(Output(part, "children"), SEARCH, State(part, "id"))
    async def _panel(search: str | None, part: dict[str, str]) -> list[Component]:
        return await off_loop(guarded, desk, search, part)


def guarded(desk: Desk, search: str | None, part: dict[str, str]) -> list[Component]:
    """The panel's content; what cannot be read is said in it, and the rest of the page stays as it is."""
    view = View.forgiving(search)
    say = speaker(view.lang)
    try:
        page = registry.page(part["page"])
        return filled(desk, page, page.by_name[part["name"]], view)
    except NotFound as error:
        return [notes.failed(in_words(error, view.lang), say)]
    except Exception as error:
        if not isinstance(error, BeatgridError):
            LOG.exception("panel %s failed for %s", part, search)
        return [notes.failed(in_words(problems.body(error)["message"], view.lang), say)]
