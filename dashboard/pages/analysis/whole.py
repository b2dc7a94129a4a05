"""A panel's whole table on a page of its own: sorted by any column, page by page, each number a link to its rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.components.figuretable import figure_cell, is_number
from dashboard.components.markup import markup
from dashboard.language import Say, speaker
from dashboard.pages.analysis.filling import Pair
from dashboard.pages.analysis.panel import Page, Panel
from dashboard.pages.analysis.tables import figures_path, rows_of, whole_table
from dashboard.pages.plain import common, template
from dashboard.pages.rows.paging import Sheet
from dashboard.pages.rows.render import CSS, HERE
from dashboard.reading.desk import Desk
from dashboard.reading.view import View
from geo.errors import InputError

BESIDE = "beside_at"  # which of the things compared a row belongs to


@dataclass(frozen=True)
class Whole:
    """The figures of a panel in an order. pairs: of all that is compared. sort: one of their columns, "": their own."""

    page: Page
    panel: Panel
    view: View
    pairs: list[Pair]
    sort: str = ""
    up: bool = False

    @property
    def columns(self) -> dict[str, str]:
        """Column → words, in order."""
        return dict(self.pairs[0][1].columns) if self.pairs else {}

    @property
    def is_beside(self) -> bool:
        """Whether several things are compared, so that each row says of which it is."""
        return len(self.pairs) > 1

    def frame(self) -> pd.DataFrame:
        """All rows in their order, with BESIDE. InputError for a column that is not there."""
        parts = [each.data.assign(**{BESIDE: n}) for n, (_told, each) in enumerate(self.pairs)]
        whole = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({BESIDE: []})
        if not self.sort:
            return whole
        if self.sort not in self.columns:
            raise InputError(f"The table is sorted by one of {', '.join(self.columns)}, not {self.sort!r}.")
        return whole.sort_values(self.sort, ascending=self.up, na_position="last", kind="stable", key=_comparable)

    def link(self, sort: str, up: bool, page: int = 1) -> str:
        """Address of the table in an order, from one of its pages on."""
        more = {"up": "1"} if up else {}
        return whole_table(self.page, self.panel, self.view, sort, **more, **({"page": page} if page > 1 else {}))


def _comparable(values: pd.Series) -> pd.Series:
    """Numbers by size; all else, days too, by its letters."""
    return values if is_number(values) else values.map(str, na_action="ignore")


def whole_html(desk: Desk, whole: Whole, about: Mapping[str, str], asked: int) -> str:
    """One page of the table; about: what the figures are and of which time, in words."""
    say, frame, view = speaker(whole.view.lang), whole.frame(), whole.view
    sheet, path = Sheet(len(frame), asked), figures_path(whole.page, whole.panel)
    return str(
        template(HERE, "rows.html").render(
            **common(view, desk, _own_path(whole, path), CSS),
            title=say(whole.panel.title),
            count=f"{len(frame):,}",
            unit=say("行"),
            chips=markup(_back(whole, say)),
            about=list(about.items()),
            at_once=[f"{about[say('起')]} – {about[say('止（不含）')]}", say(whole.panel.hint)],
            files=[(view.link(f"{path}.{form}"), form.upper()) for form in ("csv", "xlsx")],
            head=_head(whole, frame),
            rows=[_row(whole, row, frame) for row in frame.iloc[sheet.first : sheet.end].itertuples()],
            pager=sheet.ways(lambda number: whole.link(whole.sort, whole.up, number)),
            shown=sheet.words(say),
            empty=frame.empty,
        )
    )


def _own_path(whole: Whole, path: str) -> str:
    """The page's path with what it asks for besides the view's filters."""
    own = [*whole.view.choices, *([("sort", whole.sort)] if whole.sort else []), *([("up", "1")] if whole.up else [])]
    return f"{path}?{urlencode(own)}" if own else path


def _back(whole: Whole, say: Say) -> Component:
    """The way back to the page that the panel stands on."""
    words = ["← ", say(whole.page.title)]
    return html.Div(html.A(words, href=whole.view.link(whole.page.path), className="chip-clear"), className="chips-row")


def _head(whole: Whole, frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Each column's words, where a press on them leads, and how the rows are sorted by it now."""
    say = speaker(whole.view.lang)
    beside: dict[str, Any] = {"words": say("对比"), "href": None, "order": "none", "number": False}
    cells = [beside] if whole.is_beside else []
    for n, (name, words) in enumerate(whole.columns.items()):
        number, now = bool(n) and is_number(frame[name]), name == whole.sort
        order = ("ascending" if whole.up else "descending") if now else "none"
        href = whole.link(name, not whole.up if now else not is_number(frame[name]))
        cells.append({"words": words, "href": href, "order": order, "number": number})
    return cells


def _row(whole: Whole, row: Any, frame: pd.DataFrame) -> list[dict[str, Any]]:
    told, each = whole.pairs[getattr(row, BESIDE)]
    cells = [{"text": told.label, "name": BESIDE, "number": False}] if whole.is_beside else []
    for n, name in enumerate(whole.columns):
        shown = figure_cell(row, name, partial(rows_of, told, each))
        cell = {"name": "" if n else "number", "number": bool(n) and is_number(frame[name])}
        cells.append(cell | ({"html": markup(shown)} if isinstance(shown, Component) and n else {"text": shown}))
    return cells
