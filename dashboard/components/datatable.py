"""A plain table for figures that fit a page; thousands of rows are dash-ag-grid's (placetable)."""

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component


def table(
    caption: str, columns: Sequence[Any], rows: Sequence[Sequence[Any]], *, numbers: Sequence[int] = ()
) -> Component:
    """rows: texts, numbers or components, None for what is unknown. numbers: which columns stand to the right.

    columns: their words, or what a press on sorts the rows by them.
    """
    head = html.Tr([_head(i, name, numbers) for i, name in enumerate(columns)])
    body = [html.Tr([_cell(i, value, numbers) for i, value in enumerate(row)]) for row in rows]
    parts = [html.Caption(caption), html.Thead(head), html.Tbody(body)]
    frame: dict[str, Any] = {"role": "region", "aria-label": caption}
    return html.Div(html.Table(parts), className="table-box", tabIndex=0, **frame)


def _head(i: int, name: Any, numbers: Sequence[int]) -> Component:
    sorts: dict[str, Any] = {"aria-sort": "none"} if isinstance(name, Component) else {}
    return html.Th(name, scope="col", className=_side(i, numbers), **sorts)


def _cell(i: int, value: Any, numbers: Sequence[int]) -> Component:
    shown = "–" if value is None else f"{value:,}" if isinstance(value, int) else value
    return html.Th(shown, scope="row") if i == 0 else html.Td(shown, className=_side(i, numbers))


def _side(i: int, numbers: Sequence[int]) -> str:
    return "to-right" if i in numbers else ""
