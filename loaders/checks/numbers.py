"""Reads numbers from text, a whole column at a time."""

import re
import unicodedata

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from loaders.checks.findings import Findings, Mask, shown
from loaders.checks.values import Texts
from loaders.field_types import Field, plain

_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")


def floats(field: Field, values: Texts, findings: Findings, label: str) -> NDArray[np.float64]:
    """The numbers, NaN where missing; text in a number and a number past its bounds are findings."""
    numbers, unreadable = parse(field, values)
    findings.where(unreadable, lambda at: f"{label} {shown(values[at])} is not a number")
    low, high = field.low, field.high
    outside = np.zeros(len(values), dtype=bool)
    if low is not None:
        outside |= numbers < low
    if high is not None:
        outside |= numbers > high
    findings.where(outside, lambda at: f"{label} {shown(values[at])} is not between {low:g} and {high:g}")
    return np.where(unreadable | outside, np.nan, numbers)


def integers(field: Field, values: Texts, findings: Findings, label: str) -> pd.arrays.IntegerArray:
    """As `floats`, nullable Int64; a fraction is a finding."""
    numbers = floats(field, values, findings, label)
    given = ~np.isnan(numbers)
    fraction = given & (numbers != np.floor(numbers))
    findings.where(fraction, lambda at: f"{label} {shown(values[at])} is not a whole number")
    whole = np.where(given & ~fraction, numbers, 0).astype(np.int64)
    return pd.arrays.IntegerArray(whole, ~given | fraction)


def parse(field: Field, values: Texts) -> tuple[NDArray[np.float64], Mask]:
    """(numbers with NaN where there is none, mask of texts that are no finite number)."""
    series = pd.Series(values, dtype=object)
    numbers = np.array(pd.to_numeric(series, errors="coerce"), dtype=np.float64)
    unreadable = series.notna().to_numpy() & ~np.isfinite(numbers)
    for at in np.flatnonzero(unreadable):
        numbers[at] = _reluctant(field, str(values[at]))
    return np.where(np.isinf(numbers), np.nan, numbers), unreadable & ~np.isfinite(numbers)


def _reluctant(field: Field, value: str) -> float:
    """Full-width digits, thousands separated by commas, or the field's own words for a number; else NaN."""
    value = field.words.get(plain(value), unicodedata.normalize("NFKC", value).strip())
    if _THOUSANDS.fullmatch(value):
        value = value.replace(",", "")
    try:
        return float(value) if "_" not in value else np.nan
    except ValueError:
        return np.nan
