"""The places that a filter bar offers are fetched when somebody opens its list: a city has thousands."""

from typing import Any

from dash import Dash, Input, Output, State

from dashboard.components import places
from dashboard.components.filter_ids import FilterIds
from dashboard.components.filters import opener
from dashboard.language import speaker
from dashboard.pages.browser import in_browser
from dashboard.pages.offload import off_loop
from dashboard.reading.desk import Desk
from dashboard.reading.view import View


def register(dash: Dash, desk: Desk, filters: FilterIds, address: str) -> None:
    """Fill the list and the tree of a bar the first time its button is pressed; `address`: the page's location."""
    pressed = Input(opener(filters.place_button), "n_clicks")
    in_browser(
        dash, "places", "ask", Output(filters.place_asked, "data"), pressed, State(filters.place_tree, "data")
    )  # fmt: skip

    @dash.callback(
        Output(filters.place_search, "data"),
        Output(filters.place_tree, "data"),
        Input(filters.place_asked, "data"),
        State(address, "search"),
        prevent_initial_call=True,
    )
    async def _fill(_asked: int, search: str | None) -> Any:
        return await off_loop(offered, desk, View.forgiving(search).lang)


def offered(desk: Desk, lang: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Every place as the options of a list, and as a tree."""
    facts = desk.facts()
    return places.options(facts, speaker(lang)), places.tree(facts)
