"""A panel's figures as a table, and the addresses of the whole of it and of the rows behind its numbers."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from dash.development.base_component import Component

from dashboard.components.figuretable import figure_table, is_number
from dashboard.pages.analysis.asking import Asking
from dashboard.pages.analysis.panel import Drawn, Page, Panel
from dashboard.reading.view import View


def table_of(page: Page, panel: Panel, view: View, told: Asking, each: Drawn) -> list[Component]:
    """The figures as a table whose numbers lead to their rows, and whose columns sort it; view: of the whole page."""

    def whole(sort: str) -> str:
        upward = {"up": "1"} if sort and not is_number(each.data[sort]) else {}  # words from the first, numbers down
        return whole_table(page, panel, view, sort, **upward)

    return figure_table(each.data, each.columns, told.say(panel.title), told.say, partial(rows_of, told, each), whole)


def rows_of(told: Asking, each: Drawn, row: Any, name: str) -> str | None:
    """Address of the rows behind a number: that of a column in a row (named tuple) of the panel's figures."""
    if name not in each.leads:
        return None
    keys = {kind: getattr(row, column) for kind, column in each.keys.items()}
    return told.rows(each.leads[name].format_map(row._asdict()), **keys)


def figures_path(page: Page, panel: Panel) -> str:
    """Path of the panel's figures: alone that of their table, with .csv or .xlsx that of a file."""
    return f"/figures/{page.code}/{panel.name}"


def whole_table(page: Page, panel: Panel, view: View, sort: str = "", /, **more: Any) -> str:
    """Address of the panel's whole table (pages.analysis.whole), sorted by one of its columns; more: up, page."""
    query = urlencode(([("sort", sort)] if sort else []) + list(more.items()))
    address = view.link(figures_path(page, panel))
    return f"{address}{'&' if '?' in address else '?'}{query}" if query else address
