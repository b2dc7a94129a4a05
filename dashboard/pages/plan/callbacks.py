"""The planner's pages come alive in the browser: painting cannot wait for a server (assets/plan)."""

from dash import Dash, Input, Output

from dashboard.pages.browser import in_browser, keep_scale
from dashboard.pages.plan import ids


def register(dash: Dash) -> None:
    """Start the scripts when a page of the planner has been drawn."""
    in_browser(dash, "plan", "start", Output(ids.STARTED, "data"), Input(ids.SETUP, "data"))
    keep_scale(dash, ids.MAP, ids.MAP_SCALE)
