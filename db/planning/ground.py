"""The ground of a plan: its cells and beats with the borders, groups and people that its rules are judged by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from db.planning.borders import borders_of
from db.planning.drafts import PlanRow
from db.planning.links import links
from db.planning.places import beats_for, cells_at
from db.tables.places import HOLDING_BEAT
from db.workload import available
from geo.datums import FloatArray
from grids.districting.graph import Graph, Ints, make_graph
from grids.planning.drafts import Draft
from grids.planning.findings import Finding, Ground, findings

DEMAND_PERIOD = timedelta(days=365)


@dataclass(frozen=True)
class PlanGround:
    """cells, beats: as db.planning.places gives them, by code; positions everywhere are rows of these.

    graph: neighbours, with declared links. cell_group, beat_group: community or station by number, -1 for none.
    minutes (k): available in the past year, NaN for nobody.
    """

    cells: pd.DataFrame
    beats: pd.DataFrame
    graph: Graph
    cell_group: Ints
    beat_group: Ints
    minutes: FloatArray

    def positions(self, assignment: Mapping[str, str]) -> Ints:
        """Cell → beat by code as positions (n)."""
        place = self.beat_at
        return np.array([place[assignment[code]] for code in self.cells["code"]], np.int32)

    @cached_property
    def cell_at(self) -> dict[str, int]:
        """Code of each cell → its position."""
        return {str(code): number for number, code in enumerate(self.cells["code"])}

    @cached_property
    def beat_at(self) -> dict[str, int]:
        """Code of each beat → its position."""
        return {str(code): number for number, code in enumerate(self.beats["code"])}

    @property
    def staffed(self) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        """Which beats (k) have anybody's minutes."""
        return np.nan_to_num(self.minutes) > 0

    @property
    def waiting(self) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        """Which beats (k) only keep cells that nobody has drawn yet."""
        return (self.beats["code"] == HOLDING_BEAT).to_numpy(bool)

    def rules(self, draft: Draft) -> Ground:
        """What a draft is judged on."""
        return Ground(
            list(self.cells["code"]), list(self.beats["code"]), self.graph, self.cell_group, self.beat_group,
            led=self.beats["led"].to_numpy(bool), staffed=self.staffed,
            locked_cells=self.cells["code"].isin(draft.locked_cells).to_numpy(bool),
            locked_beats=self.beats["code"].isin(draft.locked_beats).to_numpy(bool),
            waiting=frozenset(np.flatnonzero(self.waiting).tolist()),
        )  # fmt: skip

    def findings(self, draft: Draft) -> list[Finding]:
        """Every rule that a draft breaks; groups are those of `ground_of`, so nothing else need be allowed."""
        return findings(self.rules(draft), self.positions(draft.base), self.positions(draft.assignment))


def ground_of(conn: Connection, plan: PlanRow, now: datetime) -> PlanGround:
    """Everything that the plan's rules are judged by, as the record has it now."""
    cells = cells_at(conn, plan.began_at, plan.place)
    beats = beats_for(conn, plan.began_at, cells)
    staff = available(conn, now - DEMAND_PERIOD, now, "beat").set_index("key")["available"].astype("float64")
    minutes = np.asarray(staff.reindex(beats["code"]), dtype=np.float64)
    return PlanGround(cells, beats, _graph(conn, cells), *_groups(cells, beats, plan.allow_outside), minutes)


def _graph(conn: Connection, cells: pd.DataFrame) -> Graph:
    place = {code: number for number, code in enumerate(cells["code"])}
    told = links(conn)
    declared = [
        (place[one], place[other])
        for one, other in zip(told["one"], told["other"], strict=True)
        if {one, other} <= place.keys()
    ]
    return make_graph(borders_of(cells), declared, len(cells))


def _groups(cells: pd.DataFrame, beats: pd.DataFrame, allow_outside: bool) -> tuple[Ints, Ints]:
    """Community of each cell and beat by number; the station instead where beats may cross communities."""
    name = "station_id" if allow_outside else "community_id"
    return tuple(frame[name].astype("float64").fillna(-1).to_numpy(np.int32) for frame in (cells, beats))  # type: ignore[return-value]
