"""The frame of every Dash page: the address decides which page is drawn, in which language and colours."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

from dashboard.components.notes import failed
from dashboard.design.mantine import theme
from dashboard.language import speaker
from dashboard.pages.frame_ids import LOCATION, PROVIDER, ROOT
from dashboard.pages.offload import off_loop
from dashboard.pages.overview import layout as overview
from dashboard.pages.wall import layout as wall
from dashboard.reading.desk import Desk
from dashboard.reading.view import View
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
        view = View.forgiving(search)
        on_wall = (pathname or "/").rstrip("/") == "/wall"
        try:
            drawn: Component = (wall if on_wall else overview).layout(view, desk.facts(), desk.geometry())
        except BeatgridError as error:
            drawn = html.Main(failed(str(error), speaker(view.lang)), className="alone")
        return drawn, "dark" if on_wall else view.theme

    @dash.callback(
        Output(ROOT, "children"),
        Output(PROVIDER, "forceColorScheme"),
        Input(LOCATION, "pathname"),
        State(LOCATION, "search"),
    )
    async def _page(pathname: str | None, search: str | None) -> tuple[Component, str]:
        return await off_loop(page, pathname, search)
