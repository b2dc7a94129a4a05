"""What stands over an analysis page's panels: its days, how far the data reaches, what is wrong with the choice."""

from typing import Any
from zoneinfo import ZoneInfo

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components import notes
from dashboard.components.filters import period_text
from dashboard.language import Say, speaker
from dashboard.live.freshness import data_through
from dashboard.live.stamp import local
from dashboard.pages.emptiness import over_figures
from dashboard.reading.desk import Desk
from dashboard.reading.judging import boundaries_of
from dashboard.reading.periods import days, fixed
from dashboard.reading.view import PLAN, View
from geo.errors import NotFound


def heading(desk: Desk, view: View, path: str) -> tuple[Any, ...]:
    """The period in days, how far the data reaches, a banner or None, the address with its days fixed."""
    facts, say = desk.facts(), speaker(view.lang)
    zone = facts.city.zone
    first, last = days(view, desk.now().astimezone(ZoneInfo(zone)).date())
    until = f" {view.until:%H:%M}" if view.until else ""
    through = data_through(desk.freshness())
    words = say("数据截至 {through}", through=local(through, zone))
    kept = fixed(view, desk.now(), zone).link(path)
    banner = _no_such_plan(desk, view, path, say) or over_figures(desk, view, path, say)
    banner = banner or (notes.whole_matters(say) if view.shares else None)
    return period_text(f"{first} – {last}{until}", view, say), words, banner, kept


def _no_such_plan(desk: Desk, view: View, path: str, say: Say) -> Component | None:
    """The address names a plan that is not there, or not the reader's to see; a link to the boundaries of the time."""
    if not view.boundaries.startswith(PLAN):
        return None
    try:
        with desk.connection() as conn:
            boundaries_of(conn, view)
    except NotFound:
        words = say("没有方案“{code}”，或您无权查看。", code=view.boundaries.removeprefix(PLAN))
        link = dcc.Link(say("按当时边界看"), href=view.link(path, boundaries="then"))
        return html.Div([html.Span(words), link], className="banner", role="alert")
    return None
