"""A table of figures: shares as percentages, what is unknown as a dash, numbers that lead to the rows behind them."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.datatable import table
from dashboard.components.markup import markup
from dashboard.language import Say
from dashboard.reading.records import plain

SHOWN = 200
PERCENTS = ("share", "low", "high", "load", "percent", "cv_share")
Href = Callable[[Any, str], str | None]


def figure_table(
    frame: pd.DataFrame, columns: Mapping[str, str], caption: str, say: Say, href: Href | None = None
) -> list[Component]:
    """columns: column → words, in order. href: of a row (named tuple) and column, where its number leads, or None."""
    shown = frame.head(SHOWN)
    lines = [[_cell(row, name, href) for name in columns] for row in shown.itertuples()]
    right = [i for i, name in enumerate(columns) if _is_number(frame[name])]
    # As one text: thousands of cells as components of their own would hold up the browser for a minute.
    text_of_all = str(markup(table(caption, list(columns.values()), lines, numbers=right)))
    made: list[Component] = [dcc.Markdown(text_of_all, dangerously_allow_html=True, className="html-table")]
    if len(frame) > SHOWN:
        words = say("共 {n} 行，这里列出前 {shown} 行；导出的文件含全部。", n=f"{len(frame):,}", shown=SHOWN)
        made.append(html.P(words, className="quiet"))
    return made


def text(name: str, value: Any) -> str:
    """One value as people read it."""
    value = plain(value)
    if value is None or value == "":
        return "–"
    if isinstance(value, str | bool):
        return str(value)
    if name == "z":
        return f"{value:+.1f}"
    if name in PERCENTS or name.startswith("share_"):
        return f"{value:.1%}"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def _cell(row: Any, name: str, href: Href | None) -> Any:
    value = getattr(row, name)
    words = value.isoformat()[:10] if isinstance(value, date | pd.Timestamp) else text(name, value)
    leads = href(row, name) if href and words not in ("–", "0") else None
    return html.A(words, href=leads, className="to-rows") if leads else words


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column)


def tidy(frame: pd.DataFrame) -> pd.DataFrame:
    """The figures as files take them: instants as text, nothing where a value is unknown, and no cell a formula."""
    texts = [str(name) for name in frame if not _is_number(frame[name])]
    return frame.assign(**{name: frame[name].map(_harmless) for name in texts})


def _harmless(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()[:10]
    # A spreadsheet would run a name that begins so.
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t")) else value
