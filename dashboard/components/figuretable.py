"""A table of figures: shares as percentages, what is unknown as a dash, numbers that lead to the rows behind them."""

from collections.abc import Callable, Mapping
from datetime import date
from secrets import token_hex
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
PLACES = {"max_over_mean": 2, "cv": 2, "ratio": 2, "p": 2, "q": 3}  # digits behind the point, where one is too few
Href = Callable[[Any, str], str | None]
Whole = Callable[[str], str]


def figure_table(
    frame: pd.DataFrame,
    columns: Mapping[str, str],
    caption: str,
    say: Say,
    href: Href,
    whole: Whole,
) -> list[Component]:
    """columns: column → words, in order. href: of a row (named tuple) and column, where its number leads, or None.

    A press on a column sorts the rows in the browser (assets/sorting.js). Of more than SHOWN only the first are here,
    and it leads to whole(column): the address of all of them, sorted by that column; "" for their own order.
    """
    shown, is_cut = frame.head(SHOWN), len(frame) > SHOWN
    lines = [[figure_cell(row, name, href) for name in columns] for row in shown.itertuples()]
    right = [i for i, name in enumerate(columns) if i and is_number(frame[name])]
    heads = [_head(name, words, whole if is_cut else None) for name, words in columns.items()]
    made = [one_text(table(caption, heads, lines, numbers=right), "html-table")]
    return [*made, _rest(len(frame), whole, say)] if is_cut else made


def _head(name: str, words: str, whole: Whole | None) -> Component:
    if whole is None:
        return html.Button(words, type="button", className="sorts")
    return html.A(words, href=whole(name), className="sorts")


def _rest(count: int, whole: Whole, say: Say) -> Component:
    words = say("共 {n} 行，这里列出前 {shown} 行；导出的文件含全部。", n=f"{count:,}", shown=SHOWN)
    return html.P([words, " ", html.A(say("逐页看全部，按任一列排序"), href=whole(""))], className="quiet")


def one_text(part: Component, css: str | None = None) -> Component:
    """`part` as one text of HTML: thousands of cells as components of their own would hold up the browser for a minute.

    Every value in it is escaped. On one line, because behind an empty one Markdown would read a value as its own signs:
    a name could then bring a link or a picture from elsewhere. It has a name of its own, so that it never takes the
    place of another one whose rows the browser has sorted.
    """
    written = " ".join(markup(part).split())
    return dcc.Markdown(written, dangerously_allow_html=True, className=css, id=f"text-{token_hex(6)}")


def text(name: str, value: Any) -> str:
    """One value as people read it."""
    value = plain(value)
    if value is None or value == "":
        return "–"
    if isinstance(value, str | bool):
        return str(value)
    if name == "z":
        return f"{value:+.1f}"
    if name in PLACES:
        return f"{value:,.{PLACES[name]}f}"
    if name in PERCENTS or name.startswith("share_"):
        return f"{value:.1%}"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def figure_cell(row: Any, name: str, href: Href) -> Any:
    """One value of a row (named tuple) as people read it, a link where it leads to its rows."""
    value = getattr(row, name)
    words = value.isoformat()[:10] if isinstance(value, date | pd.Timestamp) else text(name, value)
    leads = href(row, name) if words not in ("–", "0") else None
    return html.A(words, href=leads, className="to-rows") if leads and _inside(leads) else words


def _inside(address: str) -> bool:
    return address.startswith("/") and not address.startswith(("//", "/\\"))


def is_number(column: pd.Series) -> bool:
    """Whether a column holds numbers, which stand to the right."""
    return pd.api.types.is_numeric_dtype(column)


def tidy(frame: pd.DataFrame) -> pd.DataFrame:
    """The figures as files take them: instants as text, nothing where a value is unknown, and no cell a formula."""
    texts = [str(name) for name in frame if not is_number(frame[name])]
    return frame.assign(**{name: frame[name].map(_harmless) for name in texts})


def _harmless(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()[:10]
    # A spreadsheet would run a name that begins so.
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t")) else value
