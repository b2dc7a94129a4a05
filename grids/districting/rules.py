"""What no plan may break: contiguous, non-empty beats, containment in a community or station, locks."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.errors import InputError
from grids.districting.graph import Graph, Ints

ANYWHERE = -1


@dataclass(frozen=True)
class Rules:
    """Hard rules over n cells and k beats. A beat may never be emptied nor fall into more pieces than it has today.

    `cell_group` (n) and `beat_group` (k): community or station by number, -1 for anywhere; a cell goes only
    to beats of its own group or of none. `locked_cells` (n): stay where they are. `locked_beats` (k): neither
    lose nor take a cell.
    """

    cell_group: Ints
    beat_group: Ints
    locked_cells: NDArray[np.bool_]
    locked_beats: NDArray[np.bool_]

    def allows(self, cell: int, beat: int) -> bool:
        """Whether containment lets a cell belong to a beat."""
        of_cell, of_beat = self.cell_group[cell], self.beat_group[beat]
        return bool(ANYWHERE in (of_cell, of_beat) or of_cell == of_beat)


def make_rules(
    cells: int,
    beats: int,
    cell_group: object = None,
    beat_group: object = None,
    locked_cells: object = (),
    locked_beats: object = (),
) -> Rules:
    """Rules from groups (one number a cell, one a beat; None: no containment) and positions of what is locked."""
    return Rules(
        _groups(cell_group, cells, "cell"),
        _groups(beat_group, beats, "beat"),
        _flags(locked_cells, cells, "cell"),
        _flags(locked_beats, beats, "beat"),
    )


def broken(graph: Graph, rules: Rules, before: Ints, after: Ints) -> list[str]:
    """What a plan breaks of the rules, one sentence each; none for a plan that may be made."""
    beats = len(rules.beat_group)
    moved = np.flatnonzero(before != after)
    found = [f"Cell {cell} is locked." for cell in moved[rules.locked_cells[moved]]]
    touched = np.union1d(before[moved], after[moved])
    found += [f"Beat {beat} is locked." for beat in touched[rules.locked_beats[touched]]]
    outside = [cell for cell in moved.tolist() if not rules.allows(cell, after[cell])]
    found += [f"Cell {cell} leaves its community or station." for cell in outside]
    now, then = pieces_by_beat(graph, before, beats), pieces_by_beat(graph, after, beats)
    found += [f"Beat {beat} has no cell." for beat in np.flatnonzero((then == 0) & (now > 0))]
    more = np.flatnonzero(then > np.maximum(now, 1))
    return found + [f"Beat {beat} falls into {then[beat]} pieces." for beat in more]


def pieces_by_beat(graph: Graph, held: Ints, beats: int) -> Ints:
    """How many connected pieces each beat has; 0 for one without cells."""
    parts = graph.parts(held)
    beat_of_part = np.zeros(int(parts.max(initial=-1)) + 1, np.int64)
    beat_of_part[parts] = held
    return np.bincount(beat_of_part, minlength=beats).astype(np.int32)


def _groups(given: object, count: int, of: str) -> Ints:
    if given is None:
        return np.full(count, ANYWHERE, np.int32)
    groups = np.ascontiguousarray(given, np.int32)
    if groups.shape != (count,):
        raise InputError(f"Give each {of} its group: there are {count} and {len(groups)} groups.")
    return groups


def _flags(positions: object, count: int, of: str) -> NDArray[np.bool_]:
    named = np.asarray(positions, np.int64).reshape(-1)
    if len(named) and not (named.min() >= 0 and named.max() < count):
        raise InputError(f"A locked {of} is not among the {count}: give positions from 0 to {count - 1}.")
    flags = np.zeros(count, np.bool_)
    flags[named] = True
    return flags
