"""A sitting over a plan: its draft on a board that edits do not change, kept while the record behind it holds."""

import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from types import MappingProxyType

import numpy as np
import pandas as pd
from sqlalchemy import Connection, text

from db.bulk import frame_of
from db.planning.drafts import PlanRow, draft_of, read_plan
from db.planning.ground import PlanGround, ground_of
from db.planning.land import land_of
from db.readmodel import View
from geo.datums import FloatArray
from geo.errors import NotFound
from grids.districting.graph import Ints
from grids.planning.drafts import Draft
from grids.planning.effects import Land, Totals

KEPT = 12  # boards; one of 10,000 cells takes some ten megabytes
POSTED = """
    SELECT o.code AS officer, c.code AS cell FROM posting p JOIN officer o ON o.id = p.officer_id
    JOIN cell c ON c.id = p.cell_id WHERE p.valid @> now() AND c.code = ANY (:cells) ORDER BY o.code, c.code"""
# What a board is made of besides matters, which are as they were when the board was laid, for an hour at most.
STATE = text("""
    SELECT boundary_version,
           (SELECT md5(string_agg(concat_ws(',', one, other), ';' ORDER BY one, other)) FROM cell_link),
           (SELECT md5(string_agg(concat_ws(',', id, valid, beat_id, cell_id), ';' ORDER BY id)) FROM posting)
    FROM city""")


@dataclass(frozen=True)
class Board:
    """What a plan is judged and counted by. ground: cells, beats, rules; land: figures of cells; served: officer, cell
    (position) of everybody posted to a single cell; at: when it was laid; kept: figures of where a plan began."""

    ground: PlanGround
    land: Land
    served: pd.DataFrame
    at: datetime
    kept: dict[Hashable, tuple[pd.DataFrame, Totals]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def cells(self) -> pd.DataFrame:
        """id, code, name, residents, households, beat, station_id, community_id, geometry (WGS-84), one row a cell."""
        return self.ground.cells

    @property
    def beats(self) -> pd.DataFrame:
        """id, code, name, station_id, community_id, led, lead, one row a beat."""
        return self.ground.beats

    @property
    def minutes(self) -> FloatArray:
        """Minutes available in the past year of each beat, NaN for nobody."""
        return self.ground.minutes

    def loads(self, held: Ints) -> FloatArray:
        """Demand over available minutes of each beat (k) under an assignment (n); NaN for one that nobody staffs."""
        demand = np.bincount(held, self.land.demand, minlength=len(self.ground.minutes))
        return np.divide(demand, self.ground.minutes, out=np.full(len(demand), np.nan), where=self.ground.staffed)


@dataclass(frozen=True)
class Sitting:
    """A plan with its draft on its board."""

    plan: PlanRow
    draft: Draft
    board: Board

    @property
    def revision(self) -> tuple[int, str]:
        """Number of the last edit and the state: what has changed when they have not is nothing."""
        return (self.draft.edits[-1].no if self.draft.edits else 0, self.plan.state)

    @cached_property
    def before(self) -> Ints:
        """Position of the beat of each cell (n) as the plan began."""
        return self.board.ground.positions(self.draft.base)

    @cached_property
    def after(self) -> Ints:
        """The same as the plan would have it."""
        return self.board.ground.positions(self.draft.assignment)

    def with_draft(self, draft: Draft) -> "Sitting":
        """The same plan and board with another draft, such as a write has just returned."""
        return Sitting(self.plan, draft, self.board)

    def with_moves(self, moves: Mapping[str, str]) -> "Sitting":
        """What it would be with more cells moved (cell → beat, codes); nothing is written.

        Raises NotFound for a cell or beat that is not of this plan.
        """
        for cell, beat in moves.items():
            if cell not in self.draft.base:
                raise NotFound(f"There is no cell {cell!r} in this plan: check the code.")
            if beat not in self.board.ground.beat_at:
                raise NotFound(f"There is no beat {beat!r} for this plan: check the code.")
        held = MappingProxyType({**self.draft.assignment, **moves})
        return self.with_draft(replace(self.draft, assignment=held))

    def from_base(self, moves: Mapping[str, str]) -> "Sitting":
        """What it would be with these cells moved, as an option of the optimiser, and all others where they began."""
        return self.with_draft(replace(self.draft, assignment=self.draft.base)).with_moves(moves)


class Boards:
    """The boards that a process has laid lately. Safe to share between threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Board] = OrderedDict()
        self._lock = threading.Lock()

    def sit(self, conn: Connection, view: View, code: str, now: datetime | None = None) -> Sitting:
        """Whoever acts in `conn` sits down to a plan. view: theirs of the read model.

        Raises NotFound for a plan that is not there or not theirs to see.
        """
        plan = read_plan(conn, code)
        return Sitting(plan, draft_of(conn, plan), self._board(conn, view, plan, now or datetime.now(UTC)))

    def _board(self, conn: Connection, view: View, plan: PlanRow, now: datetime) -> Board:
        # Who sees everything sees what those see who are bound to the plan's place: a plan never reaches beyond.
        state = tuple(conn.execute(STATE).one())
        key = (
            plan.code,
            plan.began_at,
            plan.place,
            view.everywhere,
            state,
            now.replace(minute=0, second=0, microsecond=0),
        )
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        board = lay_board(conn, view, plan, now)
        with self._lock:
            self._kept[key] = board
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return board


def lay_board(conn: Connection, view: View, plan: PlanRow, now: datetime) -> Board:
    """The board of a plan as the record has it now."""
    ground = ground_of(conn, plan, now)
    served = frame_of(conn, POSTED, cells=list(ground.cells["code"]))
    served = served.assign(cell=served["cell"].map(ground.cell_at).astype("int64"))
    return Board(ground, land_of(conn, view, ground, now), served, now)
