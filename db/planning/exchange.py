"""An assignment as a sheet: taken out of a draft, and laid into one, row by row."""

from collections.abc import Hashable
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from db.planning.board import Sitting
from db.planning.drafts import draft_of, lay_all, read_plan
from db.planning.places import beats_for, cells_at
from geo.errors import InputError
from grids.planning.drafts import Draft
from grids.rights import Who

COLUMNS = ["cell", "name", "beat", "beat_name", "beat_before", "residents", "households", "demand"]


@dataclass(frozen=True)
class Laid:
    """What became of a sheet: how many cells moved, how many were there already, and line → what is wrong with it."""

    draft: Draft
    moved: int
    unchanged: int
    rejected: dict[int, str]


def sheet_of(sitting: Sitting, geometry: bool = False) -> pd.DataFrame:
    """COLUMNS (and geometry, shapely, WGS-84), one row a cell, as the draft has it. demand: minutes of a year."""
    cells, beats = sitting.board.cells, sitting.board.beats
    names = beats["name"].to_numpy(object)[sitting.after]
    told = pd.DataFrame(
        {
            "cell": cells["code"], "name": cells["name"], "beat": beats["code"].to_numpy(object)[sitting.after],
            "beat_name": names, "beat_before": beats["code"].to_numpy(object)[sitting.before],
            "residents": cells["residents"], "households": cells["households"],
            "demand": sitting.board.land.demand.round(1),
        }
    )  # fmt: skip
    return told.assign(geometry=cells["geometry"]) if geometry else told


def lay_sheet(conn: Connection, who: Who, code: str, rows: pd.DataFrame, strict: bool = True) -> Laid:
    """Lay a sheet into a draft. rows: cell, beat (codes as text; None for an empty field), index: line of the file.

    Cells that it does not name stay where they are. strict: nothing is laid while a row is wrong. Raises as
    `move_cells`, and InputError for a sheet without a row.
    """
    if rows.empty:
        raise InputError("The sheet has no row: give a cell and its beat in each.")
    plan = read_plan(conn, code)
    draft = draft_of(conn, plan)
    beats = set(beats_for(conn, plan.began_at, cells_at(conn, plan.began_at, plan.place))["code"])
    rejected = _wrong(rows, draft, beats)
    told = rows[~rows.index.isin(list(rejected))]
    wanted = {
        cell: beat for cell, beat in zip(told["cell"], told["beat"], strict=True) if draft.assignment[cell] != beat
    }
    if not wanted or (strict and rejected):
        return Laid(draft, 0, len(told) - len(wanted), rejected)
    laid = lay_all(conn, who, code, wanted, "导入分配表 (from a sheet)")
    return Laid(laid, len(wanted), len(told) - len(wanted), rejected)


def _wrong(rows: pd.DataFrame, draft: Draft, beats: set[str]) -> dict[int, str]:
    found: dict[int, str] = {}
    seen: dict[str, Hashable] = {}
    for line, cell, beat in zip(rows.index, rows["cell"], rows["beat"], strict=True):
        if not cell or not beat:
            found[int(line)] = "it names no cell" if not cell else f"cell {cell} has no beat"
        elif cell not in draft.base:
            found[int(line)] = f"there is no cell {cell!r} in this plan"
        elif beat not in beats:
            found[int(line)] = f"there is no beat {beat!r} for this plan"
        elif cell in seen:
            found[int(line)] = f"cell {cell} stands in line {seen[cell]} already"
        else:
            seen[cell] = line
    return found
