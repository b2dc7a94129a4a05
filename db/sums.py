"""Sums for screens that never change their question: matters by cell and month, by beat and day; and their recount.

They are kept beside the read model they were counted from, one set for each of its states. Columns: cell or beat (code,
None in none), month (its first day) or day (dates of the city's zone), opened (matters), closed (closings, of matters
that were opened again too). The beat is the one that held the matter's cell at its opening.
"""

import os
from pathlib import Path

import numpy as np
import pandas as pd
from sqlalchemy import Connection, bindparam, text

from db.bulk import frame_of
from db.city import city
from db.readmodel.building import build
from db.readmodel.columns import Array
from db.readmodel.keys import day_edges
from db.readmodel.model import Model
from db.readmodel.reading import Progress
from db.readmodel.scope import Reach, View, scoped

SUMS = {"cell_month": ("cell", "month"), "beat_day": ("beat", "day")}
EVERYTHING = Reach(figures=True, everywhere=True)

IN_SQL = """
    SELECT key, unit, sum(opened)::bigint AS opened, sum(closed)::bigint AS closed FROM (
        SELECT m.cell_id, m.opened_at, m.opened_at AS at, 1 AS opened, 0 AS closed FROM matter m
        UNION ALL
        SELECT m.cell_id, m.opened_at, c.closed_at, 0, 1 FROM closure c JOIN matter m ON m.id = c.matter_id
    ) fact
    LEFT JOIN cell ON cell.id = fact.cell_id
    LEFT JOIN beat_cell held ON held.cell_id = fact.cell_id AND held.valid @> fact.opened_at
    LEFT JOIN beat ON beat.id = held.beat_id
    CROSS JOIN LATERAL (SELECT date_trunc(:unit, timezone(:zone, fact.at))::date AS unit,
        CASE :place WHEN 'cell' THEN cell.code ELSE beat.code END AS key) named
    GROUP BY 1, 2"""


def build_all(conn: Connection, home: Path, progress: Progress | None = None) -> Model:
    """Build the read model and its sums."""
    model = build(conn, home, progress)
    write_sums(model)
    return model


def write_sums(model: Model) -> None:
    """Count the sums from the model and keep them beside it, each whole or not at all."""
    view = scoped(model, EVERYTHING)
    for name in SUMS:
        draft = _file(model, name).with_name(f".{name}.{os.getpid()}")
        count_sums(view, name).to_parquet(draft, index=False)
        draft.replace(_file(model, name))


def sums(view: View, name: str) -> pd.DataFrame:
    """One of SUMS, as far as the reader sees: kept ones for who sees everything, else counted from the view."""
    file = _file(view.about, name)
    if view.everywhere and file.exists():
        return pd.read_parquet(file)
    return count_sums(view, name)


def count_sums(view: View, name: str) -> pd.DataFrame:
    """The same, counted from the view's matters."""
    place, unit = SUMS[name]
    codes, names = view.about.spots.named(place)
    told = _told(view)
    instants = np.concatenate([instant for _, instant in told])
    if not len(instants):
        return pd.DataFrame({place: [], unit: [], "opened": [], "closed": []})
    edges, dates = day_edges(view.about, unit, int(instants.min()), int(instants.max()))
    shape = (len(names), len(dates))
    table = np.zeros((*shape, 2), np.int64)
    for column, (spot, instant) in enumerate(told):
        cell = codes[spot] * len(dates) + np.searchsorted(edges, instant, "right") - 1
        table[:, :, column] = np.bincount(cell, minlength=table[:, :, 0].size).reshape(shape)
    where, when = np.nonzero(table.any(axis=2))
    keys = {place: [names[i][0] for i in where], unit: [dates[i] for i in when]}
    counted = dict(zip(("opened", "closed"), table[where, when].T, strict=True))
    frame = pd.DataFrame(keys | counted).groupby([place, unit], as_index=False, dropna=False).sum()
    return frame.astype({place: object})


def count_in_sql(conn: Connection, name: str) -> pd.DataFrame:
    """The same, counted in SQL from the rows themselves."""
    place, unit = SUMS[name]
    query = text(IN_SQL).bindparams(bindparam("unit", unit), bindparam("place", place))
    frame = frame_of(conn, query, zone=city(conn).zone)
    return frame.rename(columns={"key": place, "unit": unit})


def _told(view: View) -> list[tuple[Array, Array]]:
    """Spot and tick of the openings, then of the closings, that the reader sees."""
    matters, closings = view.rows("matter"), view.rows("closing")
    opened, spot = matters["opened"], matters["spot"]
    closed, where = closings["closed"], spot[closings["matter_row"]]
    if matters.seen is None or closings.seen is None:
        return [(spot, opened), (where, closed)]
    return [(spot[matters.seen], opened[matters.seen]), (where[closings.seen], closed[closings.seen])]


def _file(model: Model, name: str) -> Path:
    return model.newest / f"{name}.parquet"
