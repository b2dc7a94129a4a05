"""An analysis page's skeleton: head, filters, what it answers, and its panels, which are filled one by one."""

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.filters import filter_bar
from dashboard.components.header import header
from dashboard.components.panel import awaited, graph_config
from dashboard.components.states import loading
from dashboard.language import Say, speaker
from dashboard.pages.analysis import ids
from dashboard.pages.analysis.controls import compare_bar
from dashboard.pages.analysis.panel import Page, Panel
from dashboard.reading.desk import Desk
from dashboard.reading.judging import plans_of
from dashboard.reading.view import View


def layout(page: Page, view: View, desk: Desk) -> Component:
    """The whole page, without figures: they come panel by panel."""
    say, facts = speaker(view.lang), desk.facts()
    query = view.query()
    title = [html.H1(say(page.title)), html.P(say(page.question), className="quiet")]
    return html.Div(
        [
            dcc.Location(id=ids.ADDRESS, refresh=False, pathname=page.path, search=f"?{query}" if query else ""),
            dcc.Store(id=ids.FOLLOWED),
            html.Div(dcc.Graph(config=graph_config()), hidden=True),  # fetches the drawing library while figures come
            header(view, facts, say, page.path, ids.THROUGH),
            filter_bar(view, facts, say, ids.FILTERS),
            compare_bar(view, facts, plans_of(desk), say),
            html.Div(id=ids.BANNER),
            html.Div(title, className="page-title"),
            html.Main([_card(page, panel, say) for panel in page.panels], className="analysis"),
        ],
        className="desk desk-long",
    )


def _card(page: Page, panel: Panel, say: Say) -> Component:
    head = html.Div([html.H2(say(panel.title)), html.P(say(panel.hint), className="quiet")], className="card-head")
    body = html.Div(loading("lines", say), id=ids.panel(page.code, panel.name), className="card-body")
    return html.Section(
        [head, awaited(body)], className=f"card card-{panel.height} wide-{panel.width}", id=f"panel-{panel.name}"
    )
