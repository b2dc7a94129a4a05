"""The rows of a view told as the record tells them: instants, codes and ids instead of ticks and places in tables."""

from datetime import timedelta

import numpy as np

from db.readmodel.columns import EPOCH, EVENTS
from db.readmodel.merging import REACHED

INSTANTS = {
    "opened", "severity_at", "due", "closed", "reopened", "settled", "at", "sent", "accepted", "bounced", "done",
    "began", *REACHED,
}  # fmt: skip


def told(view, table, seen_only=True):
    """One dict a row, in the order of the table."""
    rows = view.rows(table)
    chosen = np.arange(len(rows)) if rows.seen is None or not seen_only else np.flatnonzero(rows.seen)
    columns = {name: _told(view, name, rows[name][chosen]) for name in rows.columns}
    if table in EVENTS:
        columns["matter"] = view.rows("matter")["id"][columns.pop("matter_row")].tolist()
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _told(view, name, values):
    model = view.about
    if name in INSTANTS:
        return [_instant(model, int(value)) for value in values]
    if name == "spot":
        table = model.spots.table
        named = [[None if value != value else value for value in table[kind]] for kind in ("cell", "beat")]
        return [(named[0][spot], named[1][spot]) for spot in values]
    if name == "now":
        return [None if value == 0 else int(model.spots.cells[value - 1]) for value in values]
    if name == "category":
        return [model.words.categories[value][1] for value in values]
    if name == "channel":
        return [model.words.channels[value][0] for value in values]
    if name == "grades":
        return [(value & 3, value >> 2 & 3, value >> 4 & 3) for value in values.tolist()]
    if name in ("lon", "lat"):
        return [None if np.isnan(value) else float(value) for value in values]
    return [None if name == "satisfaction" and value == -1 else value for value in values.tolist()]


def _instant(model, tick):
    limits = np.iinfo(model.ticks.dtype)
    return None if tick in (limits.max, limits.min) else EPOCH + timedelta(microseconds=tick * model.ticks.us)
