"""Annealing: steps drawn, laid, weighed, kept or undone (see grids.districting.kernels)."""

from typing import Any

import numpy as np
from numba import float64, int32, int64, uint8, uint64
from numba.core.types import Array

from geo.compiling import Compiled
from geo.datums import FloatArray
from grids.districting.graph import Ints, Longs
from grids.districting.kernels.dice import uniform
from grids.districting.kernels.moves import admits, stays_whole, touches
from grids.districting.kernels.sums import (
    BEYOND,
    BORDER,
    BUDGET,
    CEILING,
    HOME,
    INERTIA,
    MOVE,
    MOVED,
    RECOMBINE,
    THREE,
    TWO,
    count_load,
    inertia,
    priced,
    put,
    unpriced,
    weigh,
)
from grids.districting.kernels.trees import best_cut, spanning_tree

_GAIN = 1e-12


def _anneal(
    steps: int,
    hot: float,
    cold: float,
    knobs: FloatArray,
    starts: Longs,
    heads: Ints,
    tails: Ints,
    borders: FloatArray,
    demand: FloatArray,
    xy: Any,
    home: Ints,
    cell_group: Ints,
    fixed: Any,
    scale: FloatArray,
    beat_group: Ints,
    closed: Any,
    held: Ints,
    dice: Any,
    marks: Longs,
    best: FloatArray,
    kept: Any,
) -> int:
    """Anneal `held` in place for some steps while the temperature falls evenly by ratio from `hot` to `cold`.

    Whatever is met with at most marks[q] cells moved and a better objective than best[q] goes to kept[q];
    marks ascend. Returns how many steps were kept.
    """
    cells, beats = held.size, scale.size
    loads, sizes, mass = np.zeros(beats), np.zeros(beats, np.int64), np.zeros((beats, 4))
    sums, moved, place = np.zeros(6), np.zeros(cells + 1, np.int64), np.zeros(cells, np.int64)
    stamp, queue, clock = np.zeros(cells, np.int64), np.zeros(cells, np.int64), np.zeros(1, np.int64)
    order, parent, branch = np.zeros(cells, np.int64), np.zeros(cells, np.int64), np.zeros((cells, 5))
    edge = np.zeros(2 * heads.size + 2, np.int64)
    for cell in range(cells):
        beat = held[cell]
        loads[beat] += demand[cell] * scale[beat]
        sizes[beat] += 1
        weigh(cell, beat, 1.0, demand, xy, mass)
        if beat != home[cell]:
            moved[int(sums[MOVED])], place[cell] = cell, int(sums[MOVED])
            sums[MOVED] += 1.0
        for at in range(starts[cell], starts[cell + 1]):
            if held[heads[at]] != beat:
                sums[BORDER] += borders[at] / 2
    for beat in range(beats):
        count_load(beat, 1.0, loads, sums, knobs[CEILING])
        sums[INERTIA] += inertia(beat, mass)
    energy, heat, cooling = priced(sums, beats, knobs), hot, (cold / hot) ** (1.0 / max(steps, 1))
    changed, origin = np.zeros(cells + 4, np.int64), np.zeros(cells + 4, np.int64)
    accepted = 0
    for _ in range(steps):
        heat *= cooling
        changes = 0
        if heads.size == 0:
            break
        if knobs[RECOMBINE] > 0.0 and uniform(dice) < knobs[RECOMBINE]:
            at = int(uniform(dice) * heads.size)
            one, other = held[tails[at]], held[heads[at]]
            if one == other or closed[one] or closed[other]:
                continue
            size = spanning_tree(tails[at], one, other, starts, heads, held, dice, stamp, clock, order, parent, edge)
            if size != sizes[one] + sizes[other]:
                continue
            price = knobs[MOVE]
            if sums[MOVED] >= knobs[BUDGET] - 1:
                price += knobs[BEYOND]
            cut, to = best_cut(
                size, one, other, order, parent, demand, home, scale, cell_group, beat_group, fixed, price, beats,
                held, branch,
            )  # fmt: skip
            if cut < 0:
                continue
            # parent[k] < k: what hangs below the cut is known in one pass.
            rest = other if to == one else one
            for k in range(size):
                inside = k == cut or (k > cut and branch[parent[k], 0] < 0.0)
                branch[k, 0] = -1.0 if inside else 0.0
                goal = to if inside else rest
                if held[order[k]] != goal:
                    changed[changes], origin[changes] = order[k], held[order[k]]
                    changes += 1
            for k in range(changes):
                put(
                    changed[k], one + other - origin[k], starts, heads, borders, demand, xy, home, scale, knobs, held,
                    loads, sizes, mass, sums, moved, place,
                )  # fmt: skip
        else:
            wish, draw = 1, uniform(dice)
            if draw < knobs[TWO]:
                wish = 2
            if draw < knobs[THREE]:
                wish = 3
            back = sums[MOVED] > 0.0 and uniform(dice) < knobs[HOME]
            if back:
                wish = 0 if uniform(dice) < 0.15 else wish
            for turn in range(wish + int(back)):
                if back and turn == 0:
                    cell = moved[int(uniform(dice) * sums[MOVED])]
                    to = home[cell]
                elif turn == 0 or uniform(dice) < 0.3:
                    at = int(uniform(dice) * heads.size)
                    cell, to = tails[at], held[heads[at]]
                else:
                    # Go on where the last change was: the beat that grew gives, or the one that shrank takes or gives.
                    here = changed[changes - 1]
                    near = held[here] if uniform(dice) < 0.7 else int32(origin[changes - 1])
                    cell, to = -1, 0
                    for _walk in range(6):
                        degree = starts[here + 1] - starts[here]
                        there = heads[starts[here] + int(uniform(dice) * degree)]
                        if held[there] == near:
                            here = there
                            cell = int64(there)
                    if cell < 0:
                        break
                    there = heads[starts[cell] + int(uniform(dice) * (starts[cell + 1] - starts[cell]))]
                    to = held[there]
                    if near == origin[changes - 1] and uniform(dice) < 0.5:
                        cell, to = int64(there), near
                beat = held[cell]
                if (
                    beat == to
                    or sizes[beat] < 2
                    or not admits(cell, to, cell_group, beat_group, fixed, closed, held)
                    or not touches(cell, to, starts, heads, held)
                    or not stays_whole(cell, starts, heads, held, stamp, queue, clock)
                ):
                    break
                put(
                    cell, to, starts, heads, borders, demand, xy, home, scale, knobs, held, loads, sizes, mass, sums,
                    moved, place,
                )  # fmt: skip
                changed[changes], origin[changes] = cell, beat
                changes += 1
        if changes == 0:
            continue
        fresh = priced(sums, beats, knobs)
        if fresh <= energy or uniform(dice) < np.exp((energy - fresh) / heat):
            energy = fresh
            accepted += 1
            if sums[MOVED] <= marks[marks.size - 1]:
                mark = 0
                while marks[mark] < sums[MOVED]:
                    mark += 1
                reached = unpriced(sums, beats, knobs) + knobs[MOVE] * sums[MOVED]
                if reached < best[mark] - _GAIN:
                    best[mark] = reached
                    for k in range(cells):
                        kept[mark, k] = held[k]
        else:
            for k in range(changes - 1, -1, -1):
                put(
                    changed[k], int32(origin[k]), starts, heads, borders, demand, xy, home, scale, knobs, held, loads,
                    sizes, mass, sums, moved, place,
                )  # fmt: skip
    return accepted


_reals, _table = Array(float64, 1, "C", readonly=True), Array(float64, 2, "C", readonly=True)
_ints, _longs, _flags = (
    Array(int32, 1, "C", readonly=True),
    Array(int64, 1, "C", readonly=True),
    Array(uint8, 1, "C", readonly=True),
)

anneal = Compiled(
    _anneal,
    (
        int64, float64, float64, _reals, _longs, _ints, _ints, _reals, _reals, _table, _ints, _ints, _flags, _reals,
        _ints, _flags, Array(int32, 1, "C"), Array(uint64, 1, "C"), _longs, Array(float64, 1, "C"),
        Array(int32, 2, "C"),
    ),
)  # fmt: skip
