"""Checks one chunk of text rows: all findings of a row at once, good rows typed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from shapely import Geometry

from geo.errors import InputError
from loaders.checks import coordinates, geometry, numbers, rules, texts
from loaders.checks.crs import ADVICE, Box, Surroundings
from loaders.checks.findings import Findings
from loaders.checks.repeats import repeated_numbers
from loaders.checks.times import days, times
from loaders.checks.values import Sheet
from loaders.field_types import Field
from loaders.fields import fields_of
from loaders.mapping import Mapping as Columns
from loaders.profiles import Profile
from loaders.readers.source import BROKEN, GEOMETRY, raw_record

POINTED = ("addresses", "incidents", "units", "visits", "plates")  # kinds whose place is lon and lat


@dataclass(frozen=True)
class Reject:
    """A row that cannot be loaded: its line, every reason, and its text by column."""

    line: int
    reasons: list[str]
    raw: dict[str, str | None]


@dataclass(frozen=True)
class Checked:
    """`rows`: all fields of the kind as typed columns, index "line". `notes`: remark → number of rows.

    `refused`: the rejected rows in the same columns, faulty values missing (without those that could not be split).

    Columns: times datetime64[us, UTC]; days object (date or None); whole numbers Int64; numbers float64 (NaN = none);
    yes/no boolean; text, codes and lists object (str or None); geometry object (shapely in WGS-84); lon, lat float64 in
    WGS-84.
    """

    rows: pd.DataFrame
    rejects: list[Reject]
    notes: Mapping[str, int] = field(default_factory=dict)
    refused: pd.DataFrame = field(default_factory=pd.DataFrame)


def check(
    frame: pd.DataFrame, kind: str, mapping: Columns, profile: Profile, crs: str | None, now: datetime,
    *, extent: Box | None = None, repeats: bool = True,
) -> Checked:  # fmt: skip
    """Check a reader's `frame` of `kind` whose coordinates are in `crs`; `now` (aware) bounds the past.

    `extent`: west, south, east, north in WGS-84 of the place at hand, to know swapped coordinates by;
    without it the profile's. `repeats`: whether `frame` is the whole file, so that numbers repeated in it are
    judged here; of one chunk among many, the writer that sees them all judges. Raises InputError for a kind or CRS
    that does not exist and a time format that cannot be used.
    """
    broken = frame[BROKEN].notna().to_numpy() if BROKEN in frame else np.zeros(len(frame), dtype=bool)
    whole = frame[~broken]
    findings = Findings()
    sheet = Sheet(whole, mapping, profile.section(kind), profile.missing)
    around = Surroundings.of(_known(crs, whole), extent or profile.extent)
    rows = _typed(sheet, kind, partial(_column, sheet, findings, profile, now, around), around, findings)
    rules.between_fields(kind, rows, findings)
    if repeats:
        repeated_numbers(kind, rows, findings)
    rejects = [_reject(whole, at, reasons) for at, reasons in findings.reasons.items()]
    rejects += [_reject(frame, at, [str(frame[BROKEN].iloc[at])]) for at in np.flatnonzero(broken).tolist()]
    good = np.ones(len(rows), dtype=bool)
    good[list(findings.reasons)] = False
    return Checked(rows[good], sorted(rejects, key=lambda each: each.line), findings.notes, rows[~good])


def _known(crs: str | None, frame: pd.DataFrame) -> str:
    if crs is None and GEOMETRY in frame and frame[GEOMETRY].map(lambda each: isinstance(each, Geometry)).any():
        raise InputError(f"The file does not say its coordinate system: {ADVICE}.")
    return crs or "EPSG:4326"


def _reject(frame: pd.DataFrame, at: int, reasons: list[str]) -> Reject:
    return Reject(int(frame.index[at]), reasons, raw_record(frame, at))


def _typed(
    sheet: Sheet, kind: str, column: Callable[[Field], Any], around: Surroundings, findings: Findings
) -> pd.DataFrame:
    fields = fields_of(kind)
    _missing(sheet, fields, findings)
    plain = [each for each in fields if not (kind in POINTED and each.name == GEOMETRY)]
    data = {each.name: column(each) for each in plain}
    if kind in POINTED:
        _place(sheet, fields, data, around, findings)
    index = sheet.frame.index
    return pd.DataFrame({name: _series(values, index) for name, values in data.items()}, index=index)


def _series(values: Any, index: pd.Index) -> pd.Series:
    if isinstance(values, pd.Series):
        return values.set_axis(index)
    return pd.Series(values, index=index, dtype=object if isinstance(values, list) else None)


def _missing(sheet: Sheet, fields: tuple[Field, ...], findings: Findings) -> None:
    required = {each.name: each for each in fields if each.required}
    given = {
        name: np.array(
            [value is not None for value in (sheet.objects(name) if each.type == "geometry" else sheet.texts(name))],
            dtype=bool,
        )
        for name, each in required.items()
    }
    rules.missing(tuple(required.values()), given, findings)


def _column(
    sheet: Sheet, findings: Findings, profile: Profile, now: datetime, around: Surroundings, field: Field
) -> Any:
    label = sheet.label(field.name)
    if field.type == "geometry":
        return list(geometry.shapes(field, sheet.objects(field.name), around, findings, label))
    values = sheet.texts(field.name)
    match field.type:
        case "time":
            pattern = sheet.section.formats.get(field.name)
            return times(field, values, findings, label, profile.zone, pattern, now)
        case "day":
            pattern = sheet.section.formats.get(field.name)
            return days(field, values, findings, label, profile.zone, pattern, now)
        case "int":
            return numbers.integers(field, values, findings, label)
        case "float":
            return numbers.floats(field, values, findings, label)
        case "bool":
            return texts.yes_no(field, values, findings, label)
        case "choice":
            return texts.choice(field, values, findings, label)
        case "object":
            return texts.json_object(values, findings, label)
        case "list":
            return texts.items(texts.text(field, values, findings, label))
        case _:
            return texts.text(field, values, findings, label)


def _place(
    sheet: Sheet, fields: tuple[Field, ...], data: dict[str, Any], around: Surroundings, findings: Findings
) -> None:
    """lon and lat from their columns, or else from point geometry, in WGS-84."""
    texts_of = (sheet.texts(name) if sheet.has(name) else [] for name in ("lon", "lat"))
    faulty = {
        at
        for values, read in zip(texts_of, (data["lon"], data["lat"]), strict=True)
        for at in np.flatnonzero(np.isnan(read)).tolist()
        if values and values[at] is not None
    }
    x, y = data["lon"], data["lat"]
    if sheet.has(GEOMETRY) and not (sheet.has("lon") or sheet.has("lat")):
        shape = next(each for each in fields if each.name == GEOMETRY)
        x, y = geometry.built_points(shape, sheet.objects(GEOMETRY), findings, sheet.label(GEOMETRY))
    data["lon"], data["lat"] = coordinates.pairs(x, y, around, findings, faulty)
