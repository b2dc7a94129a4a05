"""What the maps do in the browser: their scale bars stay true, and a cell leads to its rows."""

from dash import ClientsideFunction, Dash, Input, Output, State

from dashboard.pages.analysis import ids as shared
from dashboard.pages.analysis.hotspots import ids
from dashboard.pages.browser import in_browser, keep_scale


def register(dash: Dash) -> None:
    """The three maps' callbacks; the time slider is moved by assets/frames.js alone."""
    for part in ids.MAPS:
        keep_scale(dash, part, ids.scale_of(part))
        untold = Output(ids.scale_of(part), "title")  # see keep_scale
        in_browser(dash, "frames", "fit", untold, Input(part, "figure"), State(part, "id"))
    followed = Output(shared.FOLLOWED, "data", allow_duplicate=True)
    follow = ClientsideFunction("marks", "follow")
    parts = (followed, Input(ids.MAP, "clickData"))
    dash.clientside_callback(follow, *parts, prevent_initial_call=True)  # type: ignore[no-untyped-call]
