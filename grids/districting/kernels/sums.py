"""The objective as sums that every move of a cell keeps up to date.

Sums (float64): Σ load, Σ load², cells moved, Σ (load above the ceiling)², cut border, moment of inertia.
Knobs (float64): weights of balance, peak, cut and travel (the last two over today's), ceiling, price of a moved
cell, price of one beyond the budget, budget, then the shares of steps: home first, two, three, recombination.
"""

from typing import Any

from geo.compiling import inlined
from geo.datums import FloatArray
from grids.districting.graph import Ints, Longs

BALANCE, PEAK, CUT, TRAVEL, CEILING, MOVE, BEYOND, BUDGET, HOME, TWO, THREE, RECOMBINE = range(12)
LOAD, SQUARE, MOVED, EXCESS, BORDER, INERTIA = range(6)


@inlined
def unpriced(sums: FloatArray, beats: int, knobs: FloatArray) -> float:
    """The objective without any price of moved cells."""
    cv2 = beats * sums[SQUARE] / (sums[LOAD] * sums[LOAD]) - 1.0
    rest = knobs[CUT] * sums[BORDER] + knobs[TRAVEL] * sums[INERTIA]
    return knobs[BALANCE] * cv2 + knobs[PEAK] * sums[EXCESS] / beats + rest


@inlined
def priced(sums: FloatArray, beats: int, knobs: FloatArray) -> float:
    """The objective with the price of moved cells, and of those beyond the budget."""
    beyond = max(0.0, sums[MOVED] - knobs[BUDGET])
    return unpriced(sums, beats, knobs) + knobs[MOVE] * sums[MOVED] + knobs[BEYOND] * beyond


@inlined
def put(
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
    beat, ceiling = held[cell], knobs[CEILING]
    count_load(beat, -1.0, loads, sums, ceiling)
    count_load(to, -1.0, loads, sums, ceiling)
    loads[beat] -= demand[cell] * scale[beat]
    loads[to] += demand[cell] * scale[to]
    count_load(beat, 1.0, loads, sums, ceiling)
    count_load(to, 1.0, loads, sums, ceiling)
    sizes[beat] -= 1
    sizes[to] += 1
    if beat == home[cell]:
        last = int(sums[MOVED])
        moved[last], place[cell] = cell, last
        sums[MOVED] += 1.0
    elif to == home[cell]:
        last = int(sums[MOVED]) - 1
        other = moved[last]
        moved[place[cell]], place[other] = other, place[cell]
        sums[MOVED] -= 1.0
    if knobs[CUT] > 0.0:
        for at in range(starts[cell], starts[cell + 1]):
            sums[BORDER] += borders[at] * (int(held[heads[at]] == beat) - int(held[heads[at]] == to))
    if knobs[TRAVEL] > 0.0:
        sums[INERTIA] -= inertia(beat, mass) + inertia(to, mass)
        weigh(cell, beat, -1.0, demand, xy, mass)
        weigh(cell, to, 1.0, demand, xy, mass)
        sums[INERTIA] += inertia(beat, mass) + inertia(to, mass)
    held[cell] = to


@inlined
def count_load(beat: int, sign: float, loads: FloatArray, sums: FloatArray, ceiling: float) -> None:
    """Add or take away what one beat brings into the sums of all."""
    load = loads[beat]
    sums[LOAD] += sign * load
    sums[SQUARE] += sign * load * load
    if load > ceiling:
        sums[EXCESS] += sign * (load - ceiling) ** 2


@inlined
def inertia(beat: int, mass: Any) -> float:
    """Moment of inertia of one beat about its own centre."""
    if mass[beat, 0] <= 0.0:
        return 0.0
    return mass[beat, 3] - (mass[beat, 1] ** 2 + mass[beat, 2] ** 2) / mass[beat, 0]


@inlined
def weigh(cell: int, beat: int, sign: float, demand: FloatArray, xy: Any, mass: Any) -> None:
    """Add a cell to the masses of a beat: Σ demand, Σ demand x, Σ demand y, Σ demand (x² + y²)."""
    weight, x, y = sign * demand[cell], xy[cell, 0], xy[cell, 1]
    mass[beat, 0] += weight
    mass[beat, 1] += weight * x
    mass[beat, 2] += weight * y
    mass[beat, 3] += weight * (x * x + y * y)
