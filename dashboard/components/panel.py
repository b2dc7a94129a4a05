"""A panel: a title, what is beside it, and a body that may carry a note over its picture."""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.aria import HIDDEN
from dashboard.language import Say


def graph_config(**more: bool) -> Any:
    """How every graph behaves: no tool bar, no logo, as large as its panel."""
    return {"displayModeBar": False, "displaylogo": False, "responsive": True, **more}


def panel(
    title: str, body: Any, *, aside: Any = None, name: str = "", hint: str | None = None, href: str = ""
) -> Component:
    """A card; `hint` is shown when the title is pointed at. href: the page of which this is the short form."""
    inside: dict[str, Any] = {"data-inside": "1"}
    words = html.A([title, html.Span(" ›", **HIDDEN)], href=href, **inside) if href else title
    heading = html.H2(words, title=hint or "")
    head = html.Div([heading, html.Div(aside, className="panel-aside")], className="panel-head")
    return html.Section([head, html.Div(body, className="panel-body")], className=f"panel {name}")


def heat_key(say: Say, part: str, *, hidden: bool = False) -> Component:
    """What the colours of the heat layer mean; they are relative, so it names no numbers."""
    words = [html.Span(say("疏")), html.Span(className="heat-ramp"), html.Span(say("密"))]
    return html.Div(words, id=part, className="heat-key", hidden=hidden)


def picture(
    graph_id: str, note_id: str, figure: Any = None, *, zoom: bool = False, first: Component | None = None
) -> Component:
    """A graph that fills its panel, with room for a note over it; `first`: what stands there until it is drawn."""
    graph = dcc.Graph(
        id=graph_id,
        figure=figure or {"layout": {"xaxis": {"visible": False}, "yaxis": {"visible": False}}},
        config=graph_config(scrollZoom=zoom),
        className="picture",
        responsive=True,
    )
    return html.Div([graph, html.Div(first, id=note_id, className="note-layer")], className="picture-box")


def awaited(child: Component) -> Component:
    """`child`, greyed while what it shows is being fetched anew, once that takes long enough to be noticed."""
    return dcc.Loading(
        child,
        delay_show=400,
        overlay_style={"visibility": "visible", "opacity": 0.5},
        type="dot",
        color="var(--accent)",
    )
