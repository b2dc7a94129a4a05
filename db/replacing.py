"""Placing again what redrawn or newly loaded boundaries concern."""

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from db.bulk import frame_of, run_sql, stage
from db.cells import dated_cells
from db.matter_locks import hold_matters
from db.matters import refresh_origins
from grids.placing import NOWHERE, DatedCells


def place_again(conn: Connection, snap_m: float = 0.0) -> int:
    """Place incidents that have coordinates but no cell, and those whose present cell was retired; how many changed.

    cell_then, once fixed, never changes; cell_now follows the boundaries in force.
    """
    hold_matters(conn)
    waiting = frame_of(
        conn,
        """SELECT i.id, i.matter_id, i.reported_at, ST_X(i.geom) AS lon, ST_Y(i.geom) AS lat, i.cell_then, i.cell_now
           FROM incident i LEFT JOIN cell c ON c.id = i.cell_now
           WHERE i.geom IS NOT NULL AND (i.cell_then IS NULL OR c.id IS NULL OR NOT upper_inf(c.valid))""",
    )
    if waiting.empty:
        return 0
    cells = DatedCells(dated_cells(conn))
    lon, lat = waiting["lon"].to_numpy(float), waiting["lat"].to_numpy(float)
    then = cells.place(lon, lat, waiting["reported_at"], snap_m)
    fixed = waiting["cell_then"].notna().to_numpy()
    before = waiting["cell_then"].fillna(NOWHERE).to_numpy(dtype=np.int64)
    moved = waiting.assign(
        cell_then=_ids(np.where(fixed, before, then.cell)),
        cell_now=_ids(cells.place_now(lon, lat, snap_m)),
        placed_by=then.placed_by,
        snapped_m=then.snapped_m,
        fixed=fixed,
    )
    return _write(conn, moved)


def _write(conn: Connection, moved: pd.DataFrame) -> int:
    columns = {
        "id": "bigint",
        "cell_then": "bigint",
        "cell_now": "bigint",
        "placed_by": "text",
        "snapped_m": "float8",
    }
    stage(conn, "moved", columns | {"fixed": "boolean"}, moved)
    changed = run_sql(conn, "move_incidents")
    newly = moved.loc[~moved["fixed"] & moved["cell_then"].notna(), "matter_id"]
    refresh_origins(conn, newly)
    return changed


def _ids(values: "np.ndarray[tuple[int, ...], np.dtype[np.int64]]") -> pd.Series:
    return pd.Series(values, dtype="Int64").replace(NOWHERE, pd.NA)
