"""Moving cells between beats: what a plan changes, what forbids it, and what to warn of."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from geo.adjacency import pieces
from geo.errors import InputError, NotFound, Refused
from grids.workload import with_ratios


@dataclass(frozen=True)
class Move:
    """One cell that goes to another beat, both by code."""

    cell: str
    beat: str


@dataclass(frozen=True)
class Split:
    """A beat that a plan breaks into pieces that do not touch: codes of cells, the largest piece first."""

    beat: str
    pieces: tuple[tuple[str, ...], ...]

    @property
    def sentence(self) -> str:
        """The warning in words."""
        apart = "; ".join(", ".join(piece) for piece in self.pieces[1:])
        return f"Beat {self.beat} would fall into {len(self.pieces)} pieces: look at {apart}."


def assignment_after(
    assignment: Mapping[str, str], moves: Sequence[Move], beats: Collection[str] = ()
) -> dict[str, str]:
    """The beat of every cell once the moves are made; `beats` names beats that may hold no cell today.

    Raises NotFound for an unknown cell or beat, Refused for a cell that is moved twice or is there already.
    """
    known = {*assignment.values(), *beats}
    after = dict(assignment)
    moved: set[str] = set()
    for move in moves:
        _allow(move, assignment, known, moved)
        moved.add(move.cell)
        after[move.cell] = move.beat
    return after


def _allow(move: Move, assignment: Mapping[str, str], known: Collection[str], moved: Collection[str]) -> None:
    if move.cell not in assignment:
        raise NotFound(f"There is no cell {move.cell!r}: check the code.")
    if move.beat not in known:
        raise NotFound(f"There is no beat {move.beat!r}: check the code.")
    if move.cell in moved:
        raise Refused(f"Cell {move.cell} is moved twice in this plan: keep one of the moves.")
    if assignment[move.cell] == move.beat:
        raise Refused(f"Cell {move.cell} is in beat {move.beat} already: take this move out of the plan.")


def before_after(frame: pd.DataFrame, moves: Sequence[Move], available: pd.Series) -> pd.DataFrame:
    """Cells, minutes and load of every beat before and after the moves, sorted by beat.

    `frame`: cell, beat, minutes (demand; null = 0), one row per cell. `available`: minutes of staff by
    beat, which do not move with the cells; null, 0 or absent means unstaffed, whose load is NaN. Columns:
    beat, cells_before, cells_after, minutes_before, minutes_after, load_before, load_after. Raises as
    `assignment_after` does, and InputError when a cell comes twice.
    """
    if frame["cell"].duplicated().any():
        twice = frame.loc[frame["cell"].duplicated(), "cell"].iloc[0]
        raise InputError(f"Give cell {twice} one row: it comes twice.")
    before = dict(zip(frame["cell"], frame["beat"], strict=True))
    after = assignment_after(before, moves, available.index)
    beats = pd.Index(sorted({*before.values(), *available.index}), name="beat")
    sums = {
        when: _by_beat(frame, frame["cell"].map(held), beats, available)
        for when, held in (("before", before), ("after", after))
    }
    columns = {f"{name}_{when}": sums[when][name] for name in ("cells", "minutes", "load") for when in sums}
    return pd.DataFrame(columns, index=beats).reset_index()


def _by_beat(frame: pd.DataFrame, beat: pd.Series, beats: pd.Index, available: pd.Series) -> pd.DataFrame:
    grouped = frame["minutes"].astype("float64").fillna(0.0).groupby(beat)
    sums = pd.DataFrame({"cells": grouped.size(), "minutes": grouped.sum()}).reindex(beats)
    sums = sums.fillna(0.0).astype({"cells": "int64", "minutes": "float64"})
    return with_ratios(sums.assign(available=available.reindex(beats)))


def emptied(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The beats that lose their last cell, sorted."""
    return sorted(set(before.values()) - set(after.values()))


def splits(
    before: Mapping[str, str],
    after: Mapping[str, str],
    cells: Sequence[str],
    neighbours: Mapping[int, Mapping[int, float]],
) -> list[Split]:
    """The beats that the plan leaves in more pieces than it found them, sorted by beat.

    `cells` gives the code at each position of `neighbours`, which is what geo.adjacency.neighbours returns.
    """
    changed = {beat for cell in after if before[cell] != after[cell] for beat in (before[cell], after[cell])}
    found = []
    for beat in sorted(changed):
        parts = _parts(beat, after, cells, neighbours)
        if len(parts) > max(1, len(_parts(beat, before, cells, neighbours))):
            found.append(Split(beat, parts))
    return found


def _parts(
    beat: str, held: Mapping[str, str], cells: Sequence[str], neighbours: Mapping[int, Mapping[int, float]]
) -> tuple[tuple[str, ...], ...]:
    positions = [position for position, cell in enumerate(cells) if held.get(cell) == beat]
    named = [tuple(sorted(cells[position] for position in piece)) for piece in pieces(positions, neighbours)]
    return tuple(sorted(named, key=lambda piece: (-len(piece), piece)))
