"""The land of a plan: what each of its cells holds and asks for, and what the next quarter may bring."""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Connection

from db.bulk import frame_of
from db.facts import Filter
from db.planning.ground import DEMAND_PERIOD, PlanGround
from db.readmodel import View, ask
from db.readmodel.columns import Array
from geo.datums import FloatArray
from geo.metric import MetricPlane
from geo.vertices import as_shapes
from grids.planning.effects import Land
from grids.planning.outlook import YEAR, Outlook, outlook

WEEKS = 3 * YEAR
KEY_PLACES = ("small_venues", "firms", "malls", "schools")

COUNTED = """
    SELECT c.id, coalesce(m.open_matters, 0) AS open_matters, coalesce(m.revisits_due, 0) AS revisits_due,
           coalesce(r.key_places, 0) AS key_places
    FROM cell c
    LEFT JOIN (SELECT i.cell_now AS cell_id, count(*) FILTER (WHERE closed_at IS NULL) AS open_matters,
                      count(*) FILTER (WHERE revisit_due_at >= CAST(:at AS timestamptz)) AS revisits_due
               FROM matter JOIN incident i ON i.id = incident_id WHERE i.cell_now = ANY (:cells)
                 AND (closed_at IS NULL OR revisit_due_at >= CAST(:at AS timestamptz)) GROUP BY 1) m ON m.cell_id = c.id
    LEFT JOIN (SELECT cell_id, sum(count) AS key_places FROM (
                 SELECT DISTINCT ON (cell_id, kind) cell_id, count FROM register_count
                 WHERE cell_id = ANY (:cells) AND kind = ANY (:kinds) ORDER BY cell_id, kind, day DESC) last
               GROUP BY 1) r ON r.cell_id = c.id
    WHERE c.id = ANY (:cells)"""


def land_of(conn: Connection, view: View, ground: PlanGround, now: datetime) -> Land:
    """Everything that a plan's costs are counted from: shapes, the past year's demand, counts, the next quarter."""
    shapes = as_shapes(ground.cells["geometry"].to_numpy())
    flat = MetricPlane(shapes).lay(shapes)
    inside = shapely.point_on_surface(flat)
    weeks, minutes, squares = weekly(view, ground, now)
    worked = _year(view, ground, now)
    return Land(
        graph=ground.graph,
        demand=worked,
        area_m2=np.asarray(shapely.area(flat), np.float64),
        perimeter_m=np.asarray(shapely.length(flat), np.float64),
        xy=np.column_stack([shapely.get_x(inside), shapely.get_y(inside)]),
        counts=counts_of(conn, ground.cells, now),
        ahead=_ahead(weeks, minutes, squares),
    )


def counts_of(conn: Connection, cells: pd.DataFrame, now: datetime) -> dict[str, FloatArray]:
    """residents, households, key_places, open_matters, revisits_due of each cell; what is not known counts as 0."""
    told = frame_of(conn, COUNTED, at=now, kinds=list(KEY_PLACES), cells=[int(number) for number in cells["id"]])
    told = told.set_index("id").reindex(cells["id"]).astype("float64").fillna(0.0)
    known = {name: cells[name].astype("float64").fillna(0.0).to_numpy() for name in ("residents", "households")}
    return known | {name: told[name].to_numpy() for name in ("key_places", "open_matters", "revisits_due")}


def weekly(view: View, ground: PlanGround, now: datetime) -> tuple[FloatArray, FloatArray, float]:
    """Matters of each cell (n) in each whole week of the record, at most WEEKS, up to `now`; their minutes of each
    cell; and the sum of squares of minutes."""
    n, ticks = len(ground.cells), view.about.ticks
    asked = ask(view, "matter", Filter(now - timedelta(weeks=WEEKS), now), by="cell", boundaries="now", redrawn=now)
    place = np.array([ground.cell_at.get(key, -1) for key, _ in asked.names], np.int64)[asked.key]
    # Weeks are counted back from now, so that the last one is whole.
    ends = np.array([ticks.end_before(now - timedelta(weeks=WEEKS - number - 1)) for number in range(WEEKS)])
    week, spent = np.searchsorted(ends, asked["opened"], "right"), np.nan_to_num(asked["minutes"].astype(np.float64))
    here = (place >= 0) & (week < WEEKS)
    counts = np.bincount(place[here] * WEEKS + week[here], minlength=n * WEEKS).reshape(n, WEEKS).astype(np.float64)
    kept = slice(_first_whole_week(asked["opened"], ends), None)
    told = here & (week >= kept.start)
    minutes = np.asarray(np.bincount(place[told], spent[told], minlength=n), np.float64)
    return counts[:, kept], minutes, float((spent[told] ** 2).sum())


def _first_whole_week(opened: Array, ends: Array) -> int:
    """The week after that of the first matter of the whole city: before it there was no record."""
    return int(np.searchsorted(ends, opened.min(), "right")) + 1 if len(opened) else WEEKS


def _year(view: View, ground: PlanGround, now: datetime) -> FloatArray:
    """Minutes that the past year's matters of each cell took, where they lie today."""
    asked = ask(view, "matter", Filter(now - DEMAND_PERIOD, now), by="cell", boundaries="now", redrawn=now)
    place = np.array([ground.cell_at.get(key, -1) for key, _ in asked.names], np.int64)[asked.key]
    here, spent = place >= 0, np.nan_to_num(asked["minutes"].astype(np.float64))
    return np.asarray(np.bincount(place[here], spent[here], minlength=len(ground.cells)), np.float64)


def _ahead(weeks: FloatArray, minutes: FloatArray, squares: float) -> Outlook | None:
    return outlook(weeks, minutes, squares) if weeks.sum() > 0 else None
