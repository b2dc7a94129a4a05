"""The compiled loop of grids.districting.search: annealing by boundary moves, chains of moves, and recombination.

Everything compiled stands in this one file, because numba's cache watches only the file of the loop it keeps.

A step changes one to three cells (one may be sent home first, so that the number of moved cells can stay), or
redraws two beats that touch by cutting a random spanning tree of both (recombination: DeFord, Duchin & Solomon,
"Recombination: a family of Markov chains for redistricting", 2021). It is kept by the rule of Metropolis and undone
otherwise. A cell leaves a beat only when its neighbours there still reach each other without it, which is sought
from one of them until all are met; so no beat ever falls into more pieces.

Sums (float64): Σ load, Σ load², cells moved, Σ (load above the ceiling)², cut border, moment of inertia.
Knobs (float64): weights of balance, peak, cut and travel (the last two over today's), ceiling, price of a moved
cell, price of one beyond the budget, budget, then the shares of steps: home first, two, three, recombination.
"""

from typing import Any

import numpy as np
from numba import float64, int32, int64, uint8, uint64
from numba.core.types import Array

from geo.compiling import Compiled, inlined
from geo.datums import FloatArray
from grids.districting.graph import Ints, Longs

KNOBS = 12
BEYOND = 6
_BALANCE, _PEAK, _CUT, _TRAVEL, _CEILING, _MOVE, _BEYOND, _BUDGET, _HOME, _TWO, _THREE, _RECOMBINE = range(KNOBS)
_LOAD, _SQUARE, _MOVED, _EXCESS, _BORDER, _INERTIA = range(6)
_GAIN = 1e-12


@inlined
def _random(dice: Any) -> float:
    """Uniform in [0, 1): xorshift64* (Vigna, "An experimental exploration of Marsaglia's xorshift generators")."""
    state = dice[0]
    state ^= state >> np.uint64(12)
    state ^= state << np.uint64(25)
    state ^= state >> np.uint64(27)
    dice[0] = state
    return float((state * np.uint64(2685821657736338717)) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@inlined
def _stays(cell: int, starts: Longs, heads: Ints, held: Ints, stamp: Longs, queue: Longs, clock: Longs) -> bool:
    """Whether a beat falls into no more pieces when a cell leaves it."""
    beat, first, waiting = held[cell], -1, 0
    for at in range(starts[cell], starts[cell + 1]):
        if held[heads[at]] == beat:
            waiting += 1
            first = heads[at]
    if waiting <= 1:
        return True
    clock[0] += 2
    wanted, seen = clock[0], clock[0] + 1
    for at in range(starts[cell], starts[cell + 1]):
        if held[heads[at]] == beat:
            stamp[heads[at]] = wanted
    stamp[cell], stamp[first] = seen, seen
    queue[0] = first
    begin, end = 0, 1
    waiting -= 1
    while begin < end and waiting > 0:
        here = queue[begin]
        begin += 1
        for at in range(starts[here], starts[here + 1]):
            there = heads[at]
            if held[there] == beat and stamp[there] != seen:
                waiting -= stamp[there] == wanted
                stamp[there] = seen
                queue[end] = there
                end += 1
    return waiting == 0


@inlined
def _count(beat: int, sign: float, loads: FloatArray, sums: FloatArray, ceiling: float) -> None:
    """Add or take away what one beat brings into the sums of all."""
    load = loads[beat]
    sums[_LOAD] += sign * load
    sums[_SQUARE] += sign * load * load
    if load > ceiling:
        sums[_EXCESS] += sign * (load - ceiling) ** 2


@inlined
def _inertia(beat: int, mass: Any) -> float:
    """Moment of inertia of one beat about its own centre."""
    if mass[beat, 0] <= 0.0:
        return 0.0
    return mass[beat, 3] - (mass[beat, 1] ** 2 + mass[beat, 2] ** 2) / mass[beat, 0]


@inlined
def _weigh(cell: int, beat: int, sign: float, demand: FloatArray, xy: Any, mass: Any) -> None:
    weight, x, y = sign * demand[cell], xy[cell, 0], xy[cell, 1]
    mass[beat, 0] += weight
    mass[beat, 1] += weight * x
    mass[beat, 2] += weight * y
    mass[beat, 3] += weight * (x * x + y * y)


@inlined
def _put(
    cell: int,
    to: int,
    starts: Longs,
    heads: Ints,
    borders: FloatArray,
    demand: FloatArray,
    xy: Any,
    home: Ints,
    scale: FloatArray,
    knobs: FloatArray,
    held: Ints,
    loads: FloatArray,
    sizes: Longs,
    mass: Any,
    sums: FloatArray,
    moved: Longs,
    place: Longs,
) -> None:
    """Give a cell to a beat, asking nothing, and bring all sums up to date."""
    beat, ceiling = held[cell], knobs[_CEILING]
    _count(beat, -1.0, loads, sums, ceiling)
    _count(to, -1.0, loads, sums, ceiling)
    loads[beat] -= demand[cell] * scale[beat]
    loads[to] += demand[cell] * scale[to]
    _count(beat, 1.0, loads, sums, ceiling)
    _count(to, 1.0, loads, sums, ceiling)
    sizes[beat] -= 1
    sizes[to] += 1
    if beat == home[cell]:
        last = int(sums[_MOVED])
        moved[last], place[cell] = cell, last
        sums[_MOVED] += 1.0
    elif to == home[cell]:
        last = int(sums[_MOVED]) - 1
        other = moved[last]
        moved[place[cell]], place[other] = other, place[cell]
        sums[_MOVED] -= 1.0
    if knobs[_CUT] > 0.0:
        for at in range(starts[cell], starts[cell + 1]):
            sums[_BORDER] += borders[at] * (int(held[heads[at]] == beat) - int(held[heads[at]] == to))
    if knobs[_TRAVEL] > 0.0:
        sums[_INERTIA] -= _inertia(beat, mass) + _inertia(to, mass)
        _weigh(cell, beat, -1.0, demand, xy, mass)
        _weigh(cell, to, 1.0, demand, xy, mass)
        sums[_INERTIA] += _inertia(beat, mass) + _inertia(to, mass)
    held[cell] = to


@inlined
def _admits(cell: int, to: int, cell_group: Ints, beat_group: Ints, fixed: Any, closed: Any, held: Ints) -> bool:
    """Whether locks and containment let a cell go to a beat."""
    if fixed[cell] or closed[held[cell]] or closed[to]:
        return False
    return cell_group[cell] < 0 or beat_group[to] < 0 or cell_group[cell] == beat_group[to]


@inlined
def _touches(cell: int, to: int, starts: Longs, heads: Ints, held: Ints) -> bool:
    for at in range(starts[cell], starts[cell + 1]):  # noqa: SIM110 (numba has no generators in any())
        if held[heads[at]] == to:
            return True
    return False


@inlined
def _free(sums: FloatArray, beats: int, knobs: FloatArray) -> float:
    """The objective without any price of moved cells."""
    cv2 = beats * sums[_SQUARE] / (sums[_LOAD] * sums[_LOAD]) - 1.0
    rest = knobs[_CUT] * sums[_BORDER] + knobs[_TRAVEL] * sums[_INERTIA]
    return knobs[_BALANCE] * cv2 + knobs[_PEAK] * sums[_EXCESS] / beats + rest


@inlined
def _priced(sums: FloatArray, beats: int, knobs: FloatArray) -> float:
    """The objective with the price of moved cells, and of those beyond the budget."""
    beyond = max(0.0, sums[_MOVED] - knobs[_BUDGET])
    return _free(sums, beats, knobs) + knobs[_MOVE] * sums[_MOVED] + knobs[_BEYOND] * beyond


@inlined
def _tree(
    root: int,
    one: int,
    other: int,
    starts: Longs,
    heads: Ints,
    held: Ints,
    dice: Any,
    stamp: Longs,
    clock: Longs,
    order: Longs,
    parent: Longs,
    edge: Longs,
) -> int:
    """A random spanning tree of two beats, grown by random edges: cells in order, parents as places in it."""
    clock[0] += 2
    seen = clock[0]
    stamp[root] = seen
    order[0], parent[0] = root, -1
    size, open_edges, begin = 1, 0, 0
    while True:
        while begin < size:
            for at in range(starts[order[begin]], starts[order[begin] + 1]):
                there = heads[at]
                if stamp[there] != seen and (held[there] == one or held[there] == other):
                    edge[2 * open_edges], edge[2 * open_edges + 1] = begin, there
                    open_edges += 1
            begin += 1
        grown = False
        while open_edges > 0 and not grown:
            pick = int(_random(dice) * open_edges)
            below, there = edge[2 * pick], edge[2 * pick + 1]
            open_edges -= 1
            edge[2 * pick], edge[2 * pick + 1] = edge[2 * open_edges], edge[2 * open_edges + 1]
            if stamp[there] != seen:
                stamp[there] = seen
                order[size], parent[size] = there, below
                size += 1
                grown = True
        if not grown:
            return size


@inlined
def _cut(
    size: int,
    one: int,
    other: int,
    order: Longs,
    parent: Longs,
    demand: FloatArray,
    home: Ints,
    scale: FloatArray,
    cell_group: Ints,
    beat_group: Ints,
    fixed: Any,
    price: float,
    beats: int,
    held: Ints,
    branch: Any,
) -> tuple[int, int]:
    """The best edge of a tree to cut, as the place of its lower end, and which beat the branch goes to; -1 for none.

    branch (places, 5): demand, cells of home `one`, of home `other`, cells that may not go to `one`, to `other`.
    """
    for k in range(size):
        cell = order[k]
        branch[k, 0] = demand[cell]
        branch[k, 1], branch[k, 2] = home[cell] == one, home[cell] == other
        stuck = fixed[cell] != 0
        group = cell_group[cell]
        barred_one = group >= 0 and beat_group[one] >= 0 and group != beat_group[one]
        barred_other = group >= 0 and beat_group[other] >= 0 and group != beat_group[other]
        branch[k, 3] = (stuck and held[cell] != one) or (barred_one and held[cell] != one)
        branch[k, 4] = (stuck and held[cell] != other) or (barred_other and held[cell] != other)
    for k in range(size - 1, 0, -1):
        for column in range(5):
            branch[parent[k], column] += branch[k, column]
    best, found, to = 1e300, -1, one
    for k in range(1, size):
        for turn in range(2):
            low, high = (one, other) if turn == 0 else (other, one)
            if branch[k, 3 + turn] > 0 or branch[0, 4 - turn] - branch[k, 4 - turn] > 0:
                continue
            load = branch[k, 0] * scale[low]
            rest = (branch[0, 0] - branch[k, 0]) * scale[high]
            at_home = branch[k, 1 + turn] + branch[0, 2 - turn] - branch[k, 2 - turn]
            cost = (load * load + rest * rest) / beats - price * at_home
            if cost < best:
                best, found, to = cost, k, low
    return found, to


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
        _weigh(cell, beat, 1.0, demand, xy, mass)
        if beat != home[cell]:
            moved[int(sums[_MOVED])], place[cell] = cell, int(sums[_MOVED])
            sums[_MOVED] += 1.0
        for at in range(starts[cell], starts[cell + 1]):
            if held[heads[at]] != beat:
                sums[_BORDER] += borders[at] / 2
    for beat in range(beats):
        _count(beat, 1.0, loads, sums, knobs[_CEILING])
        sums[_INERTIA] += _inertia(beat, mass)
    energy, heat, cooling = _priced(sums, beats, knobs), hot, (cold / hot) ** (1.0 / max(steps, 1))
    changed, origin = np.zeros(cells + 4, np.int64), np.zeros(cells + 4, np.int64)
    accepted = 0
    for _ in range(steps):
        heat *= cooling
        changes = 0
        if heads.size == 0:
            break
        if knobs[_RECOMBINE] > 0.0 and _random(dice) < knobs[_RECOMBINE]:
            at = int(_random(dice) * heads.size)
            one, other = held[tails[at]], held[heads[at]]
            if one == other or closed[one] or closed[other]:
                continue
            size = _tree(tails[at], one, other, starts, heads, held, dice, stamp, clock, order, parent, edge)
            if size != sizes[one] + sizes[other]:
                continue
            price = knobs[_MOVE]
            if sums[_MOVED] >= knobs[_BUDGET] - 1:
                price += knobs[_BEYOND]
            cut, to = _cut(
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
                _put(
                    changed[k], one + other - origin[k], starts, heads, borders, demand, xy, home, scale, knobs, held,
                    loads, sizes, mass, sums, moved, place,
                )  # fmt: skip
        else:
            wish, draw = 1, _random(dice)
            if draw < knobs[_TWO]:
                wish = 2
            if draw < knobs[_THREE]:
                wish = 3
            back = sums[_MOVED] > 0.0 and _random(dice) < knobs[_HOME]
            if back:
                wish = 0 if _random(dice) < 0.15 else wish
            for turn in range(wish + int(back)):
                if back and turn == 0:
                    cell = moved[int(_random(dice) * sums[_MOVED])]
                    to = home[cell]
                elif turn == 0 or _random(dice) < 0.3:
                    at = int(_random(dice) * heads.size)
                    cell, to = tails[at], held[heads[at]]
                else:
                    # Go on where the last change was: the beat that grew gives, or the one that shrank takes or gives.
                    here = changed[changes - 1]
                    near = held[here] if _random(dice) < 0.7 else int32(origin[changes - 1])
                    cell, to = -1, 0
                    for _walk in range(6):
                        degree = starts[here + 1] - starts[here]
                        there = heads[starts[here] + int(_random(dice) * degree)]
                        if held[there] == near:
                            here = there
                            cell = int64(there)
                    if cell < 0:
                        break
                    there = heads[starts[cell] + int(_random(dice) * (starts[cell + 1] - starts[cell]))]
                    to = held[there]
                    if near == origin[changes - 1] and _random(dice) < 0.5:
                        cell, to = int64(there), near
                beat = held[cell]
                if (
                    beat == to
                    or sizes[beat] < 2
                    or not _admits(cell, to, cell_group, beat_group, fixed, closed, held)
                    or not _touches(cell, to, starts, heads, held)
                    or not _stays(cell, starts, heads, held, stamp, queue, clock)
                ):
                    break
                _put(
                    cell, to, starts, heads, borders, demand, xy, home, scale, knobs, held, loads, sizes, mass, sums,
                    moved, place,
                )  # fmt: skip
                changed[changes], origin[changes] = cell, beat
                changes += 1
        if changes == 0:
            continue
        fresh = _priced(sums, beats, knobs)
        if fresh <= energy or _random(dice) < np.exp((energy - fresh) / heat):
            energy = fresh
            accepted += 1
            if sums[_MOVED] <= marks[marks.size - 1]:
                mark = 0
                while marks[mark] < sums[_MOVED]:
                    mark += 1
                reached = _free(sums, beats, knobs) + knobs[_MOVE] * sums[_MOVED]
                if reached < best[mark] - _GAIN:
                    best[mark] = reached
                    for k in range(cells):
                        kept[mark, k] = held[k]
        else:
            for k in range(changes - 1, -1, -1):
                _put(
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


def prepare() -> None:
    """Load the loop; compile and keep it when it is not on disk (some seconds, once an installation)."""
    anneal.load()
