"""From a panel to what stands in it: its figures drawn for everything that is held side by side, and the ways out."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components import notes
from dashboard.components.chips import choice, choice_menu
from dashboard.components.panel import graph_config
from dashboard.language import Say, speaker
from dashboard.pages.analysis import ids
from dashboard.pages.analysis.asking import Asking, asking
from dashboard.pages.analysis.beside import Column, columns
from dashboard.pages.analysis.choosing import links
from dashboard.pages.analysis.panel import Drawn, Page, Panel
from dashboard.pages.analysis.tables import figures_path, table_of
from dashboard.reading.desk import Desk
from dashboard.reading.view import View

PICTURES = ("png", "svg")
TABLES = ("csv", "xlsx")
MOST = 100  # small pictures of one column
FEW = 5  # choices that fit side by side
Pair = tuple[Asking, Drawn]


def drawn(desk: Desk, panel: Panel, view: View) -> list[Pair]:
    """The panel's figures, once for each thing that the view holds side by side."""
    beside = [Column("", view)] if panel.alone else columns(desk, view)
    found = []
    for column in beside:
        with asking(desk, column.view, column.label) as told:
            found.append((told, panel.draw(told)))
    return found


def filled(desk: Desk, page: Page, panel: Panel, view: View) -> list[Component]:
    """What stands in the panel: its choices and ways out, the pictures, the same as a table, and its notes."""
    say = speaker(view.lang)
    if not panel.only(view):
        return [html.Div(className="not-now")]
    gap = next((kind for kind in panel.needs if kind in desk.facts().missing), None)
    if gap:
        return [notes.missing(gap, say)]
    pairs = drawn(desk, panel, view)
    if all(_is_empty(each) for _told, each in pairs):
        return [*_bar(page, panel, view, say, []), notes.empty(say)]
    pictured = any(isinstance(each.body, go.Figure | Mapping) for _told, each in pairs)
    shown = [_column(page, panel, n, told, each, view) for n, (told, each) in enumerate(pairs)]
    said = dict.fromkeys(note for _told, each in pairs for note in each.notes)
    return [
        *_bar(page, panel, view, say, [*(PICTURES if pictured else ()), *TABLES]),
        html.Div(shown, className=f"beside beside-{len(shown)}"),
        *(html.P(note, className="panel-note quiet") for note in said),
        *_twin(page, panel, pairs, view, say),
    ]


def _bar(page: Page, panel: Panel, view: View, say: Say, ways: Sequence[str]) -> list[Component]:
    """What can be chosen in the panel, and the files it can be taken away in."""
    chosen = [_choices(page, name, view, say) for name in panel.choices]
    menu = [_way(page, panel, view, way, say) for way in ways]
    out = html.Details([html.Summary(say("导出")), html.Div(menu)], className="ways-out") if menu else None
    return [html.Div([*chosen, out], className="panel-bar")]


def _choices(page: Page, name: str, view: View, say: Say) -> Component:
    options, here, title = links(page, name, view, say)
    return choice(options, here, title, inside=True) if len(options) <= FEW else choice_menu(options, here, title)


def _way(page: Page, panel: Panel, view: View, way: str, say: Say) -> Component:
    if way in PICTURES:
        told: dict[str, Any] = {"data-picture": way, "data-name": f"{page.code}-{panel.name}"}
        return html.Button(say("图片 {form}", form=way.upper()), type="button", **told)
    address = view.link(f"{figures_path(page, panel)}.{way}")
    return html.A(say("数据 {form}", form=way.upper()), href=address, download="")


def _column(page: Page, panel: Panel, n: int, told: Asking, each: Drawn, view: View) -> Component:
    head = [html.H3(told.label)] if told.label else []
    if _is_empty(each):
        return html.Div([*head, notes.empty(told.say)], className="beside-one")
    if isinstance(each.body, go.Figure):
        picture = _picture(page, panel, n, each.body)
        more = _left_out(each.body, told.say)
        return html.Div([*head, html.Div(picture, className="picture-box"), *more], className="beside-one")
    if isinstance(each.body, Mapping):
        small = [_small(page, panel, n * MOST + i, *pair) for i, pair in enumerate(each.body.items())]
        return html.Div([*head, html.Div(small, className="small-pictures")], className="beside-one")
    body = each.body if each.body is not None else table_of(page, panel, view, told, each)
    return html.Div([*head, html.Div(body, className="panel-parts")], className="beside-one")


def _left_out(figure: go.Figure, say: Say) -> list[Component]:
    """A sentence under a picture that has no room for all its rows (figures.words.left_out)."""
    meta = figure.layout.meta or {}
    if meta.get("drawn", 0) >= meta.get("of", 0):
        return []
    words = say("图中只画前 {n} 行，共 {all} 行，其余见数据表。", n=meta["drawn"], all=f"{meta['of']:,}")
    return [html.P(words, className="quiet")]


def _is_empty(each: Drawn) -> bool:
    """Nothing to draw: no figures, and no words of the panel's own instead."""
    return each.data.empty and (each.body is None or isinstance(each.body, go.Figure | Mapping))


def _small(page: Page, panel: Panel, n: int, title: str, figure: go.Figure) -> Component:
    picture = html.Div(_picture(page, panel, n, figure), className="picture-box")
    return html.Div([html.H4(title), picture], className="small-picture")


def _picture(page: Page, panel: Panel, n: int, figure: go.Figure) -> Component:
    return dcc.Graph(
        id=ids.graph(page.code, panel.name, n),
        figure=figure,
        config=graph_config(),
        className="picture",
        responsive=True,
    )


def _twin(page: Page, panel: Panel, pairs: Sequence[Pair], view: View, say: Say) -> list[Component]:
    """The picture's figures as a table: for whoever cannot see or point at it, and each number leads to its rows."""
    if all(each.body is None or each.data.empty for _told, each in pairs):
        return []
    tables = [
        html.Div([*([html.H3(told.label)] if told.label else []), *table_of(page, panel, view, told, each)])
        for told, each in pairs
        if not each.data.empty
    ]
    rows = sum(len(each.data) for _told, each in pairs)
    return [html.Details([html.Summary(say("数据表（{n} 行）", n=f"{rows:,}")), *tables], className="twin")]
