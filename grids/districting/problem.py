"""One redistricting problem: cells with demand, beats with staff, the plan in force, and the rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from geo.datums import FloatArray
from geo.errors import InputError
from grids.districting.graph import Graph, Ints
from grids.districting.rules import Rules, make_rules


@dataclass(frozen=True)
class Problem:
    """n cells and k beats.

    `demand` (n): minutes or counts, finite, at least 0. `current` (n): the beat of each cell today, every
    beat with at least one. `minutes` (k): staff of each beat, above 0; all 1 when loads are bare demand.
    `xy` (n, 2): metres, for travel; zeros when it does not count.
    """

    graph: Graph
    demand: FloatArray
    current: Ints
    minutes: FloatArray
    rules: Rules
    xy: FloatArray

    @property
    def beats(self) -> int:
        """How many beats there are (k)."""
        return len(self.minutes)

    @property
    def cells(self) -> int:
        """How many cells there are (n)."""
        return len(self.demand)

    @cached_property
    def scale(self) -> FloatArray:
        """What turns a beat's demand into its load as a part of the fair one: Σ minutes / Σ demand / minutes of it."""
        return self.minutes.sum() / self.demand.sum() / self.minutes

    @cached_property
    def even_staff(self) -> bool:
        """Whether all beats have the same staff, so that the mean load is the same in every plan."""
        return bool(np.all(self.minutes == self.minutes[0]))

    def loads(self, held: Ints) -> FloatArray:
        """Demand over staff minutes of each beat (k) under an assignment."""
        return np.bincount(held, self.demand, minlength=self.beats) / self.minutes


def make_problem(
    graph: Graph,
    demand: ArrayLike,
    current: ArrayLike,
    *,
    beats: int | None = None,
    minutes: ArrayLike | None = None,
    xy: ArrayLike | None = None,
    cell_group: Sequence[int] | Ints | None = None,
    beat_group: Sequence[int] | Ints | None = None,
    locked_cells: Sequence[int] = (),
    locked_beats: Sequence[int] = (),
) -> Problem:
    """A problem whose numbers have been checked; see Problem and Rules. Raises InputError saying what does not fit."""
    weight, held = np.ascontiguousarray(demand, np.float64), np.ascontiguousarray(current, np.int32)
    count = beats if beats is not None else int(held.max(initial=-1)) + 1
    _check_cells(len(graph), weight, held, count)
    staff = np.ones(count) if minutes is None else np.ascontiguousarray(minutes, np.float64)
    if staff.shape != (count,) or not (np.isfinite(staff).all() and (staff > 0).all()):
        raise InputError("Give every beat more than 0 staff minutes: a beat without staff has no load to balance.")
    rules = make_rules(len(graph), count, cell_group, beat_group, locked_cells, locked_beats)
    places = np.zeros((len(graph), 2)) if xy is None else np.ascontiguousarray(xy, np.float64)
    if places.shape != (len(graph), 2):
        raise InputError(f"Give each of the {len(graph)} cells a place x, y in metres.")
    return Problem(graph, weight, held, staff, rules, places)


def _check_cells(cells: int, demand: FloatArray, held: Ints, beats: int) -> None:
    if demand.shape != (cells,) or held.shape != (cells,):
        raise InputError(f"Give each of the {cells} cells one demand and one beat.")
    if not (np.isfinite(demand).all() and (demand >= 0).all() and demand.sum() > 0):
        raise InputError("Give demands that are 0 or more and not all 0: there is nothing to balance.")
    present = np.bincount(held[held >= 0], minlength=beats)
    if held.min(initial=0) < 0 or len(present) > beats or not present.all():
        raise InputError(f"Give every one of the {beats} beats at least one cell, numbered from 0 to {beats - 1}.")
