"""What a plan costs and brings: every figure of every beat before and after, in one call and without the record."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from db.planning.board import Board, Sitting
from grids.districting.graph import Ints
from grids.planning.effects import Totals, beat_figures, forecast, ties_broken, totals


@dataclass(frozen=True)
class Cost:
    """beats: beat, name, lead, changed, and with _before and _after each figure of grids.planning.effects.beat_figures,
    fair (load over the mean load) and FORECAST; of beats that hold a cell in either. before, after: in one line. ties:
    officer, cell, beat_before, beat_after (codes)."""

    beats: pd.DataFrame
    before: Totals
    after: Totals
    ties: pd.DataFrame


def cost_of(sitting: Sitting) -> Cost:
    """The cost of a draft, from what was in force when it began."""
    return cost_between(sitting.board, sitting.before, sitting.after)


def cost_between(board: Board, before: Ints, after: Ints) -> Cost:
    """The cost of one assignment (positions) beside another."""
    (now, line), then = _began(board, before), _figures(board, after)
    named = board.beats[["code", "name", "lead"]].rename(columns={"code": "beat"}).reset_index(drop=True)
    moved = before != after
    changed = np.isin(np.arange(len(named)), [before[moved], after[moved]])
    beats = pd.concat([named.assign(changed=changed), now.add_suffix("_before"), then.add_suffix("_after")], axis=1)
    beats = beats[(beats["cells_before"] > 0) | (beats["cells_after"] > 0)].reset_index(drop=True)
    return Cost(
        beats, line, totals(board.land, before, after, then), _named(board, ties_broken(board.served, before, after))
    )


def cost_rows(cost: Cost) -> dict[str, Any]:
    """The same as plain values for JSON: before, after, beats, ties; what is unknown is None."""
    told = {"before": total_row(cost.before), "after": total_row(cost.after)}
    return told | {"beats": rows_of(cost.beats), "ties": rows_of(cost.ties)}


def total_row(line: Totals) -> dict[str, Any]:
    """A plan in one line as plain values: max_over_mean, cv and n of its loads among them."""
    flat = line._asdict()
    return {name: _plain(value) for name, value in (flat.pop("fair")._asdict() | flat).items()}


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as plain values; what is unknown is None."""
    columns = [[_plain(value) for value in frame[name].tolist()] for name in frame.columns]
    return [dict(zip(map(str, frame.columns), row, strict=True)) for row in zip(*columns, strict=True)]


def _began(board: Board, before: Ints) -> tuple[pd.DataFrame, Totals]:
    """Figures of where a plan began: the same at every stroke."""
    key = before.tobytes()
    if key not in board.kept:
        board.kept.clear()
        told = _figures(board, before)
        board.kept[key] = told, totals(board.land, before, before, told)
    return board.kept[key]


def _figures(board: Board, held: Ints) -> pd.DataFrame:
    minutes = board.ground.minutes
    told = beat_figures(board.land, held, minutes)
    fair = told["load"] / told["load"].mean()
    return pd.concat([told.assign(fair=fair), forecast(board.land, held, len(minutes))], axis=1)


def _named(board: Board, ties: pd.DataFrame) -> pd.DataFrame:
    cells, beats = board.cells["code"].to_numpy(object), board.beats["code"].to_numpy(object)
    sides = {name: beats[ties[name].to_numpy(int)] for name in ("beat_before", "beat_after")}
    return ties.assign(cell=cells[ties["cell"].to_numpy(int)], **sides)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if hasattr(value, "item"):
        value = value.item()
    if value is pd.NaT or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value
