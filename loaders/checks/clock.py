"""Reads instants from the many ways in which people write them, a whole column at a time."""

import unicodedata
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.errors import InputError
from loaders.checks.values import Texts

Ints = NDArray[np.int64]

_CLOCK = (
    r"(?P<half>上午|下午|[AaPp][Mm])?\s*(?P<hour>\d{1,2})(?::(?P<minute>\d{1,2})|[时点](?:(?P<minute2>\d{1,2})分?)?)"
    r"(?:(?::(?P<second>\d{1,2})|(?P<second2>\d{1,2})秒)(?:[.,](?P<fraction>\d{1,9}))?)?\s*(?P<half2>[AaPp][Mm])?"
)
_ZONE = r"\s*(?P<zone>[Zz]|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?"
_SEPARATED = (
    r"^(?P<year>\d{4})(?:[-/.]|年)(?P<month>\d{1,2})(?:[-/.]|月)(?P<day>\d{1,2})"
    rf"(?:(?:[日号Tt]|\s)\s*{_CLOCK}{_ZONE})?[日号]?$"
)
_COMPACT = (
    r"^(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
    rf"(?:[Tt\s_]*(?P<hour>\d{{2}}):?(?P<minute>\d{{2}})(?::?(?P<second>\d{{2}})(?:[.,](?P<fraction>\d{{1,9}}))?)?{_ZONE})?$"
)
_SERIAL = r"^(?P<days>\d{5}(?:\.\d+)?)$"
_EXCEL_EPOCH = np.datetime64("1899-12-30", "us")  # serial day 0 of Excel's 1900 calendar, its false leap day included
_LOCALISED = (1900, 2200)  # years for which zone rules are asked


@dataclass(frozen=True)
class Instants:
    """`utc`: datetime64[us], NaT where there is none. `year`: the written year, 0 where the text was not
    read.
    """

    utc: NDArray[np.datetime64]
    year: Ints


def read_instants(values: Texts, zone: ZoneInfo, pattern: str | None = None) -> Instants:
    """Instants of texts; a time without a zone is local time in `zone`.

    Reads ISO 8601, 2026/3/4 5:06, 20260304 050607, 2026年3月4日 5时06分, Excel's serial days, and `pattern`
    (strptime) before all. A local time that the clock shows twice is the first of the two; one that it
    skips moves forward to the next that exists. Raises InputError for a pattern that strptime does not
    know.
    """
    texts = pa.array([v if v is None or v.isascii() else unicodedata.normalize("NFKC", v) for v in values], pa.string())
    local, offset = _blank(len(values)), np.full(len(values), np.nan)
    if pattern is not None:
        _by_pattern(values, pattern, local, offset)
    for regex in (_SEPARATED, _COMPACT):
        _by_regex(texts, regex, local, offset)
    _by_serial(texts, local)
    year = np.where(np.isnat(local), 0, local.astype("M8[Y]").astype(np.int64) + 1970)
    return Instants(_utc(local, offset, year, zone), year)


def _blank(size: int) -> NDArray[np.datetime64]:
    return np.full(size, np.datetime64("NaT"), dtype="M8[us]")


def _by_pattern(values: Texts, pattern: str, local: NDArray[np.datetime64], offset: NDArray[np.float64]) -> None:
    try:
        zoned = "%z" in pattern
        found = pd.to_datetime(pd.Series(values, dtype=object), format=pattern, errors="coerce", utc=zoned)
    except ValueError as error:
        raise InputError(f"The time format {pattern!r} of the profile cannot be used ({error}): mend it.") from None
    naive = found.dt.tz_localize(None) if zoned else found
    local[:] = naive.to_numpy(dtype="M8[us]")
    offset[~np.isnat(local)] = 0 if zoned else np.nan


def _by_regex(texts: pa.Array, regex: str, local: NDArray[np.datetime64], offset: NDArray[np.float64]) -> None:
    """Fills what is still unread and matches; a text with an impossible day or hour stays unread."""
    open_at = np.flatnonzero(np.isnat(local))
    parts = pc.extract_regex(texts.take(pa.array(open_at)), regex)
    matched = np.asarray(parts.is_valid())
    if not matched.any():
        return
    at, fields = open_at[matched], _columns(parts.filter(pa.array(matched)))
    moment = _compose(fields)
    local[at] = moment
    offset[at] = _offsets(fields["zone"])


def _columns(parts: pa.Array) -> dict[str, pa.Array]:
    return {field.name: parts.field(place) for place, field in enumerate(parts.type)}


def _compose(parts: dict[str, pa.Array]) -> NDArray[np.datetime64]:
    """datetime64[us] of the parts; NaT for a day or hour that cannot be (24:00 is the next midnight)."""
    year, month, day = (_ints(parts[name]) for name in ("year", "month", "day"))
    hour = _hours(parts)
    minute = _ints(parts["minute"]) + (_ints(parts["minute2"]) if "minute2" in parts else 0)
    second = _ints(parts["second"]) + (_ints(parts["second2"]) if "second2" in parts else 0)
    start = ((year - 1970) * 12 + np.clip(month, 1, 12) - 1).astype("M8[M]")
    length = ((start + 1).astype("M8[D]") - start.astype("M8[D]")).astype(np.int64)
    possible = (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= length) & (minute < 60) & (second < 60)
    possible &= (hour < 24) | ((hour == 24) & (minute == 0) & (second == 0))
    seconds = (hour * 60 + minute) * 60 + second
    moment = start.astype("M8[D]").astype("M8[us]") + (day - 1) * np.timedelta64(86_400_000_000, "us")
    moment = moment + (seconds * 1_000_000 + _microseconds(parts["fraction"])) * np.timedelta64(1, "us")
    return np.where(possible, moment, np.datetime64("NaT", "us"))


def _hours(parts: dict[str, pa.Array]) -> Ints:
    hour = _ints(parts["hour"])
    if "half" not in parts:
        return hour
    half = pc.utf8_lower(pc.binary_join_element_wise(parts["half"], parts["half2"], ""))
    after = np.asarray(pc.is_in(half, pa.array(["下午", "pm"])))
    before = np.asarray(pc.is_in(half, pa.array(["上午", "am"])))
    return np.where(after & (hour < 12), hour + 12, np.where(before & (hour == 12), 0, hour))


def _ints(texts: pa.Array) -> Ints:
    filled = pc.if_else(pc.equal(texts, ""), "0", texts)
    return np.asarray(pc.cast(filled, pa.int64()))


def _microseconds(texts: pa.Array) -> Ints:
    return _ints(pc.utf8_slice_codeunits(pc.utf8_rpad(texts, 6, "0"), 0, 6))


def _offsets(zones: pa.Array) -> NDArray[np.float64]:
    """Minutes east of Greenwich; NaN where no zone is written."""
    words = pc.unique(zones).to_pylist()
    minutes = {word: _offset(word) for word in words}
    return np.array([minutes[word] for word in zones.to_pylist()]) if any(words) else np.full(len(zones), np.nan)


def _offset(word: str) -> float:
    if not word:
        return np.nan
    if word[0] not in "+-":
        return 0.0
    digits = word[1:].replace(":", "").ljust(4, "0")
    return (-1 if word[0] == "-" else 1) * (int(digits[:2]) * 60 + int(digits[2:]))


def _by_serial(texts: pa.Array, local: NDArray[np.datetime64]) -> None:
    """Excel's days since 1899-12-30, to the millisecond (its own precision)."""
    open_at = np.flatnonzero(np.isnat(local))
    matched = np.asarray(pc.match_substring_regex(texts.take(pa.array(open_at)), _SERIAL).fill_null(False))
    if matched.any():
        at = open_at[matched]
        days = np.asarray(pc.cast(texts.take(pa.array(at)), pa.float64()))
        local[at] = _EXCEL_EPOCH + np.round(days * 86_400_000).astype(np.int64) * np.timedelta64(1000, "us")


def _utc(
    local: NDArray[np.datetime64], offset: NDArray[np.float64], year: Ints, zone: ZoneInfo
) -> NDArray[np.datetime64]:
    written = ~np.isnan(offset)
    utc = local - np.where(written, offset, 0).astype(np.int64) * np.timedelta64(60_000_000, "us")
    asked = ~written & (year >= _LOCALISED[0]) & (year < _LOCALISED[1])
    if asked.any():
        series = pd.Series(local[asked])
        first = np.ones(len(series), dtype=bool)
        aware = series.dt.tz_localize(zone, ambiguous=first, nonexistent="shift_forward")
        utc[asked] = aware.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy(dtype="M8[us]")
    return utc
