"""A report on the screen or in a pipe: a table for people, CSV or JSON for scripts."""

import json
import sys
from collections.abc import Sequence
from numbers import Integral, Real

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

from dashboard.reading.records import plain
from geo.errors import InputError
from grids.scorecards.panels import is_reached

FORMS = ("table", "csv", "json")
MATTERS = ("contained", "decided", "escaped", "pending", "matters")
PERCENT = (
    "share", "low", "high", "load", "share_now", "share_before", "share_accepted", "share_bounced", "share_done",
    "running_share", "mean", "largest",
)  # fmt: skip
DIGITS = {"lon": 5, "lat": 5, "p": 3, "q": 3, "z": 2}
WIDE = 200
IN_SHARES = "In shares: a matter in doubt between cells counts in each of them by its probability."


def show(frame: pd.DataFrame, form: str, *, shares: bool = False, notes: Sequence[str] = ()) -> None:
    """Print a frame as `form`; a table is followed by its notes, and by one that says when matters count in `shares`.

    InputError lists the forms.
    """
    if form not in FORMS:
        raise InputError(f"--format must be one of {', '.join(FORMS)}, not {form!r}.")
    if form == "csv":
        print(frame.to_csv(index=False), end="")
    elif form == "json":
        print(json.dumps(plain(frame), ensure_ascii=False, indent=1))
    else:
        # Into a pipe or file a table is as wide as it needs to be.
        width = None if sys.stdout.isatty() else WIDE
        Console(width=width).print(table(frame), *notes, *([IN_SHARES] if shares else []), sep="\n")


def table(frame: pd.DataFrame) -> Table:
    """The frame for a person: shares as percentages, counts with separators (parts of matters with two digits),
    z with two digits, unknown as a dash."""
    found = Table(show_lines=False, pad_edge=False)
    for name in frame.columns:
        numeric = pd.api.types.is_numeric_dtype(frame[name]) and name != "key"
        found.add_column(name, justify="right" if numeric else "left", no_wrap=numeric)
    for row in frame.itertuples(index=False, name=None):
        found.add_row(*[_cell(name, value) for name, value in zip(frame.columns, row, strict=True)])
    return found


def _cell(name: str, value: object) -> str:
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and pd.isna(value)):
        return "–"
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if name == "key" or not isinstance(value, Real):
        return str(value)
    if name in PERCENT:
        return f"{value:.1%}"
    if name in DIGITS:
        return f"{value:,.{DIGITS[name]}f}"
    whole = isinstance(value, Integral) or (name not in MATTERS and float(value).is_integer())
    return f"{value:,.0f}" if whole else f"{value:,.2f}"


def third_clause(left: pd.DataFrame) -> str:
    """QD's third clause in one sentence, from the one row of the outcome stayed_in_street."""
    row = left.iloc[0]
    if pd.isna(row["denominator"]):
        return "上行不出街道: too few left the beat to be told."
    if not row["denominator"]:
        return "上行不出街道: no matter left the beat in this period."
    interval = f"{row['low']:.1%} to {row['high']:.1%}"
    counts = f"of {row['denominator']:,} matters that left the beat in this period {row['numerator']:,} stayed"
    return f"上行不出街道: {counts} in the street: {row['share']:.1%} ({interval})."


def verdict(judged: pd.DataFrame) -> str:
    """Whether a panel is reached, in one sentence."""
    reached = is_reached(judged)
    if reached is None:
        return "Open: a line is unknown, and none of the others failed."
    return "Reached: every line moved as wanted, beyond noise." if reached else "Not reached: see the lines above."
