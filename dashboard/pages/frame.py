"""The frame of every Dash page: the address decides which page is drawn, in which language and colours."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

from dashboard.components.notes import failed
from dashboard.design.mantine import theme
from dashboard.language import speaker
from dashboard.pages.analysis import layout as analysis
from dashboard.pages.analysis import registry
from dashboard.pages.frame_ids import LOCATION, PROVIDER, ROOT
from dashboard.pages.offload import off_loop
from dashboard.pages.overview import layout as overview
from dashboard.pages.plan import layout as plan
from dashboard.pages.plan import listing as plans
from dashboard.reading.desk import Desk
from dashboard.reading.view import View
from dashboard.refusals import in_words
from geo.errors import BeatgridError


def document() -> Any:
    """The empty frame, filled once the browser has told its address."""
    return dmc.MantineProvider(
        id=PROVIDER,
        theme=theme(),
        forceColorScheme="light",
        children=[dcc.Location(id=LOCATION, refresh=False), html.Div(id=ROOT, className="root")],
    )


def register(dash: Dash, desk: Desk) -> None:
    """Draw the page that the address names."""

    def page(pathname: str | None, search: str | None) -> tuple[Component, str]:
        view, path = View.forgiving(search), (pathname or "/").rstrip("/") or "/"
        try:
            drawn = drawn_at(desk, path, view)
        except BeatgridError as error:
            drawn = html.Main(failed(in_words(error, view.lang), speaker(view.lang)), className="alone")
        return drawn, view.theme

    @dash.callback(
        Output(ROOT, "children"),
        Output(PROVIDER, "forceColorScheme"),
        Input(LOCATION, "pathname"),
        State(LOCATION, "search"),
    )
    async def _page(pathname: str | None, search: str | None) -> tuple[Component, str]:
        return await off_loop(page, pathname, search)


def drawn_at(desk: Desk, path: str, view: View) -> Component:
    """The skeleton of the page at an address of app.DASH_PATHS; whatever else is asked for is the overview."""
    if path == plan.PATH:
        return plans.layout(desk, view)
    if path.startswith(f"{plan.PATH}/"):
        return plan.layout(path.removeprefix(f"{plan.PATH}/"), desk, view)
    if path in registry.PATHS:
        return analysis.layout(registry.page(path.strip("/")), view, desk)
    return overview.layout(view, desk.facts(), desk.geometry())
