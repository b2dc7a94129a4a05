"""The ground of a plan: its cells and beats with everything that rules and costs are judged by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Connection, text

from db.bulk import frame_of
from db.facts import Filter
from db.planning.drafts import PlanRow
from db.planning.places import beats_for, cells_at
from db.workload import available, workload
from geo.adjacency import neighbours
from geo.metric import MetricPlane
from geo.vertices import as_shapes
from grids.districting.graph import Graph, Ints, make_graph
from grids.planning.drafts import Draft
from grids.planning.effects import Land
from grids.planning.findings import Ground

DEMAND_PERIOD = timedelta(days=365)
BORDER_TOLERANCE_M = 1.0
KEY_PLACES = ("small_venues", "firms", "malls", "schools")

COUNTS = """
    SELECT c.id,
        (SELECT count(*) FROM matter m WHERE m.cell_id = c.id AND m.closed_at IS NULL) AS open_matters,
        (SELECT count(*) FROM matter m
         WHERE m.cell_id = c.id AND m.revisit_due_at >= CAST(:at AS timestamptz)) AS revisits_due,
        (SELECT sum(r.count) FROM (
            SELECT DISTINCT ON (kind) count FROM register_count WHERE cell_id = c.id AND kind = ANY (:kinds)
            ORDER BY kind, day DESC) r) AS key_places
    FROM cell c WHERE c.id = ANY (:cells)"""
LINKS = text("SELECT one, other FROM cell_link")


@dataclass(frozen=True)
class PlanGround:
    """cells, beats: as db.planning.places gives them, by code; positions everywhere are rows of these.

    ground: for rules; land: for costs; minutes (k): available in the past year, NaN for nobody.
    """

    cells: pd.DataFrame
    beats: pd.DataFrame
    ground: Ground
    land: Land
    minutes: "np.ndarray[tuple[int], np.dtype[np.float64]]"

    def positions(self, assignment: Mapping[str, str]) -> Ints:
        """Cell → beat by code as positions (n)."""
        place = {code: number for number, code in enumerate(self.beats["code"])}
        return np.array([place[assignment[code]] for code in self.cells["code"]], np.int32)


def ground_of(conn: Connection, plan: PlanRow, draft: Draft, now: datetime) -> PlanGround:
    """Everything that the plan is judged by, as the record has it now."""
    cells = cells_at(conn, plan.began_at, plan.place)
    beats = beats_for(conn, plan.began_at, cells)
    graph = _graph(conn, cells)
    staff = available(conn, now - DEMAND_PERIOD, now, "beat").set_index("key")["available"].astype("float64")
    minutes = np.asarray(staff.reindex(beats["code"]), dtype=np.float64)
    groups = _groups(cells, beats, plan.allow_outside)
    ground = Ground(
        list(cells["code"]), list(beats["code"]), graph, *groups,
        led=beats["led"].to_numpy(bool), staffed=np.nan_to_num(minutes) > 0,
        locked_cells=cells["code"].isin(draft.locked_cells).to_numpy(bool),
        locked_beats=beats["code"].isin(draft.locked_beats).to_numpy(bool),
    )  # fmt: skip
    return PlanGround(cells, beats, ground, _land(conn, cells, graph, now), minutes)


def _graph(conn: Connection, cells: pd.DataFrame) -> Graph:
    place = {code: number for number, code in enumerate(cells["code"])}
    declared = [
        (place[row.one], place[row.other]) for row in conn.execute(LINKS) if {row.one, row.other} <= place.keys()
    ]
    return make_graph(neighbours(cells["geometry"].to_numpy(), BORDER_TOLERANCE_M), declared, len(cells))


def _groups(cells: pd.DataFrame, beats: pd.DataFrame, allow_outside: bool) -> tuple[Ints, Ints]:
    """Community of each cell and beat by number; the station instead where beats may cross communities."""
    name = "station_id" if allow_outside else "community_id"
    return tuple(frame[name].astype("float64").fillna(-1).to_numpy(np.int32) for frame in (cells, beats))  # type: ignore[return-value]


def _land(conn: Connection, cells: pd.DataFrame, graph: Graph, now: datetime) -> Land:
    shapes = as_shapes(cells["geometry"].to_numpy())
    flat = MetricPlane(shapes).lay(shapes)
    inside = shapely.point_on_surface(flat)
    worked = workload(conn, Filter(now - DEMAND_PERIOD, now), "cell").dropna(subset="key").set_index("key")["minutes"]
    counted = frame_of(conn, COUNTS, at=now, kinds=list(KEY_PLACES), cells=[int(number) for number in cells["id"]])
    counted = counted.set_index("id").reindex(cells["id"]).astype("float64").fillna(0.0)
    known = {name: cells[name].astype("float64").fillna(0.0).to_numpy() for name in ("residents", "households")}
    counts = known | {name: counted[name].to_numpy() for name in ("key_places", "open_matters", "revisits_due")}
    return Land(
        graph=graph,
        demand=np.asarray(worked.reindex(cells["code"]).astype("float64").fillna(0.0), dtype=np.float64),
        area_m2=np.asarray(shapely.area(flat), np.float64),
        perimeter_m=np.asarray(shapely.length(flat), np.float64),
        xy=np.column_stack([shapely.get_x(inside), shapely.get_y(inside)]),
        counts=counts,
    )
