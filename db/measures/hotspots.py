"""Hot spots: cells that are hot beyond chance, the surface of reports on the city's one lattice, and its peaks."""

from datetime import timedelta
from typing import Literal, get_args

import numpy as np
import pandas as pd
from scipy.ndimage import uniform_filter
from sqlalchemy import Connection, text

from db.bulk import frame_of, stage
from db.facts import Filter
from db.measures.ground import Ground, ground, residents, surfaces
from db.measures.live import live_places
from db.readmodel.asking import ask
from db.readmodel.columns import Array
from db.readmodel.scope import View
from geo.density import smooth
from geo.errors import InputError
from geo.hotspots.getis_ord import hot_cells
from geo.hotspots.ground import SurfaceGround, peaks

Per = Literal["km2", "residents"]
CELLS = ["key", "label", "reports", "per", "rate", "z", "p", "q", "kind"]
SURFACE = ["lon", "lat", "reports", "near", "density"]
PEAKS = ["rank", "lon", "lat", "density", "reports", "cell", "beat"]
CELL_M, BANDWIDTH_M = 100.0, 300.0
LEAST = 0.01  # of the highest point: what lies below is left out of a surface


def hot_spots(conn: Connection, view: View, flt: Filter, *, per: str = "km2", alpha: float = 0.05) -> pd.DataFrame:
    """CELLS, one row a live cell of the filter's place, by code: which are hot or cold beyond chance.

    Getis–Ord Gi* of rates, false discoveries held at `alpha` over the cells asked about. Reports are those of the
    period whose point lies in the cell of today. per: what the rate is by, km² or 1,000 residents; column `per` is that
    number. Cells without known residents have no rate and no verdict ("unknown"), and are nobody's neighbour.
    InputError for another `per`.
    """
    if per not in get_args(Per):
        raise InputError(f"Rates are by {' or '.join(get_args(Per))}, not by {per!r}.")
    land = ground(conn, view)
    live = live_places(view, flt, "cell", boundaries="now")
    asked = ask(view, "report", flt, by="cell", boundaries="now")
    counted = asked.table({"reports": np.ones(len(asked), np.int64)}).dropna(subset="key").set_index("key")["reports"]
    table = live[["key", "label"]].assign(reports=live["key"].map(counted).fillna(0).astype("int64"))
    place = {code: at for at, code in enumerate(land.codes)}
    here = np.array([place.get(code, -1) for code in table["key"]], np.int64)
    size = land.km2 if per == "km2" else residents(conn, land.codes) / 1000
    whole = np.append(size, np.nan)[here]
    table = table.assign(per=whole, rate=table["reports"] / np.where(whole > 0, whole, np.nan))
    return _judged(table, here, land, alpha)[CELLS]


def surface(
    conn: Connection, view: View, flt: Filter, *, cell_m: float = CELL_M, bandwidth_m: float = BANDWIDTH_M,
    least: float = LEAST,
) -> pd.DataFrame:  # fmt: skip
    """SURFACE, one row a lattice square of at least `least` of the highest density, from the south-west on.

    lon, lat: its middle; reports: those in it; near: those in squares within a bandwidth (rows and columns);
    density: reports per km² and day, spread by a Gaussian of σ = `bandwidth_m`. Squares and σ belong to the city (all
    live cells), never to the reports.
    """
    land, counts, dense = _surface(conn, view, flt, cell_m, bandwidth_m)
    row, column = np.nonzero(dense >= max(least * dense.max(initial=0.0), 1e-12))
    lon, lat = land.centres(row, column) if len(row) else (np.empty(0), np.empty(0))
    told = {"reports": counts[row, column], "near": _near(counts, land)[row, column]}
    table = pd.DataFrame({"lon": lon, "lat": lat} | told).astype({"reports": "int64", "near": "int64"})
    return table.assign(density=dense[row, column])[SURFACE]


def surface_peaks(
    conn: Connection, view: View, flt: Filter, *, cell_m: float = CELL_M, bandwidth_m: float = BANDWIDTH_M,
    most: int = 20,
) -> pd.DataFrame:  # fmt: skip
    """PEAKS, at most `most` rows: where the surface is highest, at least a bandwidth apart.

    reports: those in squares within a bandwidth (in rows and columns); cell, beat: codes of what lies there today.
    """
    land, counts, dense = _surface(conn, view, flt, cell_m, bandwidth_m)
    row, column = peaks(dense, _apart(land), most)
    lon, lat = land.centres(row, column) if len(row) else (np.empty(0), np.empty(0))
    table = pd.DataFrame({"rank": np.arange(1, len(row) + 1), "lon": lon, "lat": lat, "density": dense[row, column]})
    table = table.assign(reports=_near(counts, land)[row, column].astype(np.int64))
    return table.join(_lies_in(conn, table))[PEAKS]


def _judged(table: pd.DataFrame, here: Array, land: Ground, alpha: float) -> pd.DataFrame:
    """z, p, q, kind of the cells with a rate; neighbours are those that are asked about too."""
    known = np.flatnonzero(table["rate"].notna().to_numpy())
    place = {int(here[row]): at for at, row in enumerate(known)}
    beside = {
        at: {place[other]: length for other, length in land.beside[cell].items() if other in place}
        for cell, at in place.items()
    }
    told = hot_cells(table["rate"].to_numpy()[known], beside, alpha)
    found = {name: np.full(len(table), np.nan) for name in ("z", "p", "q")}
    for name, values in found.items():
        values[known] = getattr(told, name)
    kind = np.full(len(table), "unknown", dtype=object)
    kind[known] = told.kind
    return table.assign(**found, kind=kind)


def _surface(
    conn: Connection, view: View, flt: Filter, cell_m: float, bandwidth_m: float
) -> tuple[SurfaceGround, Array, Array]:
    """The lattice, reports in each square, and their density per km² and day."""
    land = surfaces(conn, view, cell_m, bandwidth_m)
    asked = ask(view, "report", flt)
    counts = land.counts(asked.source["lon"], asked.source["lat"], asked.rows)
    days = (flt.end - flt.start) / timedelta(days=1)
    return land, counts, smooth(counts, land.plan.lattice.cell_m, bandwidth_m) / days


def _apart(land: SurfaceGround) -> int:
    """A bandwidth in squares."""
    return max(1, round(land.plan.bandwidth_m / land.plan.lattice.cell_m))


def _near(counts: Array, land: SurfaceGround) -> Array:
    """Reports in the squares within a bandwidth of each, in rows and columns."""
    wide = 2 * _apart(land) + 1
    found: Array = np.rint(uniform_filter(counts, wide, mode="constant") * wide**2)
    return found


def _lies_in(conn: Connection, points: pd.DataFrame) -> pd.DataFrame:
    stage(conn, "peak", {"rank": "integer", "lon": "float8", "lat": "float8"}, points)
    return frame_of(conn, LIES_IN)


LIES_IN = text("""
    SELECT c.code AS cell, b.code AS beat FROM peak p
    LEFT JOIN LATERAL (SELECT id, code FROM cell WHERE upper_inf(valid)
        AND ST_Covers(geom, ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326)) ORDER BY id LIMIT 1) c ON true
    LEFT JOIN beat_cell bc ON bc.cell_id = c.id AND upper_inf(bc.valid) LEFT JOIN beat b ON b.id = bc.beat_id
    ORDER BY p.rank""")
