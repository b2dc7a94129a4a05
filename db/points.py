"""Cells of points and named cells at an instant, for what is recorded about places: visits and door plates."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Connection, text

from db.addresses import standard_addresses
from db.bulk import frame_of
from geo.gazetteer import Gazetteer
from grids.placing import NOWHERE, DatedCells

# An address known no better than this may lie several cells away: what is recorded there stays in no cell.
FARTHEST_M = 150.0


def cells_of_points(conn: Connection, rows: pd.DataFrame) -> pd.Series:
    """Cell id of each point at its instant. rows: lon, lat (degrees WGS-84, NaN: none), at (aware). Int64, NA: none.

    Only cells around the points are read, so that one point costs no more than it must.
    """
    lon, lat = rows["lon"].to_numpy(float, na_value=np.nan), rows["lat"].to_numpy(float, na_value=np.nan)
    given = np.isfinite(lon) & np.isfinite(lat)
    cell = np.full(len(rows), NOWHERE, dtype=np.int64)
    if given.any():
        box = [float(f(v[given])) for v, f in ((lon, np.min), (lat, np.min), (lon, np.max), (lat, np.max))]
        around = frame_of(conn, AROUND, **dict(zip(("west", "south", "east", "north"), box, strict=True)))
        if len(around):
            around["geometry"] = shapely.from_wkb([bytes(wkb) for wkb in around["geometry"]])
            cell = DatedCells(around).place(lon, lat, rows["at"]).cell
    return pd.Series(cell, index=rows.index, dtype="Int64").replace(NOWHERE, pd.NA)


def cells_of_codes(conn: Connection, codes: Iterable[str], at: pd.Series) -> pd.Series:
    """Cell id of each code at its instant, else of the cell that carries the code now; Int64, NA: unknown or none."""
    asked = pd.Series(list(codes), index=at.index, dtype=object)
    named = sorted({code for code in asked if isinstance(code, str)})
    lives: dict[str, list[tuple[pd.Timestamp | None, pd.Timestamp | None, int]]] = {}
    for row in conn.execute(LIVES, {"codes": named}):
        lives.setdefault(row.code, []).append((row.since, row.until, row.id))
    found = [_alive(lives.get(code, []), instant) for code, instant in zip(asked, at, strict=True)]
    return pd.Series(found, index=at.index, dtype="Int64")


def points_of_addresses(conn: Connection, addresses: pd.Series) -> pd.DataFrame:
    """lon, lat of addresses that the gazetteer knows to within FARTHEST_M; NaN for the others. Index as asked."""
    known = standard_addresses(conn)
    blank = pd.DataFrame({"lon": np.nan, "lat": np.nan}, index=addresses.index)
    if known.empty or addresses.empty:
        return blank
    exact = known.drop_duplicates("address").set_index("address")[["lon", "lat"]].reindex(addresses)
    found = exact.set_axis(addresses.index).astype(float)
    open_ones = found.index[found["lon"].isna()]
    if len(open_ones):
        sought = Gazetteer(known).locate(addresses[open_ones].tolist()).set_axis(open_ones)
        near = sought[sought["radius_m"] <= FARTHEST_M]
        found.loc[near.index, ["lon", "lat"]] = near[["lon", "lat"]].to_numpy(float)
    return found


def _alive(lives: list[tuple[pd.Timestamp | None, pd.Timestamp | None, int]], at: pd.Timestamp) -> int | None:
    for since, until, cell_id in lives:
        if (since is None or since <= at) and (until is None or until > at):
            return cell_id
    return next((cell_id for _, until, cell_id in lives if until is None), None)


AROUND = text("""
    SELECT id, code, lower(valid) AS since, upper(valid) AS until, ST_AsBinary(geom) AS geometry FROM cell
    WHERE geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326) ORDER BY id""")
LIVES = text("""
    SELECT code, id, lower(valid) AS since, upper(valid) AS until FROM cell WHERE code = ANY(:codes) ORDER BY id""")
