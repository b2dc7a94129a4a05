"""Every beat that could be: connected sets of cells, with what each would bring into the objective."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from geo.datums import FloatArray
from geo.errors import Refused
from grids.districting.graph import Ints
from grids.districting.objective import Weights, measure
from grids.districting.problem import Problem
from grids.districting.rules import ANYWHERE

MOST = 400_000


@dataclass(frozen=True)
class Kind:
    """Beats that nothing tells apart: their positions, and what a set of cells must and must not hold."""

    beats: tuple[int, ...]
    must: int
    may: int
    fixed: bool


@dataclass(frozen=True)
class Column:
    """One set of cells (bits) for a beat of a kind, its share of the objective and how many cells come to it."""

    cells: int
    kind: int
    demand: float
    cost: float
    moved: int


def kinds(problem: Problem, labelled: bool) -> list[Kind]:
    """Beats grouped by staff, group and locks; each by itself when moved cells count (`labelled`)."""
    rules = problem.rules
    found: dict[tuple[int, float, int], list[int]] = {}
    locked = [bits(np.flatnonzero(rules.locked_cells & (problem.current == beat))) for beat in range(problem.beats)]
    for beat in range(problem.beats):
        closed = bool(rules.locked_beats[beat])
        alone = beat if labelled or closed or locked[beat] else ANYWHERE
        key = (alone, float(problem.minutes[beat]), int(rules.beat_group[beat]))
        found.setdefault(key, []).append(beat)
    return [_kind(problem, tuple(beats), locked) for beats in found.values()]


@dataclass(frozen=True)
class Room:
    """What a closed part of the problem (all of it, or one community) may cost: `beats` share a load of `load`.

    `load` is in fair loads; `worst` is what the best plan known costs in this part.
    """

    beats: int
    load: float
    worst: float


def columns(problem: Problem, kind: Kind, number: int, weights: Weights, room: Room) -> Iterator[Column]:
    """The connected sets that a kind of beats may hold in a plan that costs its part at most `room.worst`.

    Raises Refused when more than MOST sets have to be looked at.
    """
    pricing = _Pricing(problem, kind, weights)
    if kind.fixed:
        yield pricing.column(kind.must, number)
        return
    lightest, heaviest = pricing.limits(room)
    for count, cells in enumerate(_connected(problem, kind, heaviest)):
        if count > MOST:
            raise Refused(f"There are more than {MOST:,} possible beats: let the search do it, or split the station.")
        if kind.must & ~cells == 0:
            column = pricing.column(cells, number)
            if column.demand >= lightest and column.cost <= room.worst:
                yield column


def by_beat(problem: Problem, held: Ints, weights: Weights) -> FloatArray:
    """What each beat (k) brings into the objective under an assignment."""
    return np.array(
        [
            _Pricing(problem, Kind((beat,), 0, 0, False), weights).column(bits(np.flatnonzero(held == beat)), 0).cost
            for beat in range(problem.beats)
        ]
    )


def bits(cells: np.ndarray) -> int:
    """Positions of cells as one number."""
    return sum(1 << int(cell) for cell in cells)


def positions(cells: int) -> list[int]:
    """Cells of such a number, ascending."""
    found = []
    while cells:
        low = cells & -cells
        found.append(low.bit_length() - 1)
        cells ^= low
    return found


def _kind(problem: Problem, beats: tuple[int, ...], locked: list[int]) -> Kind:
    rules, beat = problem.rules, beats[0]
    if rules.locked_beats[beat]:
        own = bits(np.flatnonzero(problem.current == beat))
        return Kind(beats, own, own, True)
    closed = rules.locked_beats[problem.current] | rules.locked_cells
    allowed = [cell for cell in range(problem.cells) if not closed[cell] and rules.allows(cell, beat)]
    return Kind(beats, locked[beat], bits(np.array(allowed, np.int64)) | locked[beat], False)


def _connected(problem: Problem, kind: Kind, heaviest: float) -> Iterator[int]:
    """Each connected set of at most `heaviest` demand among the cells of a kind, once.

    A set is grown from its lowest cell; a neighbour passed over is barred from all that grows afterwards
    (Wernicke, "Efficient detection of network motifs", 2006, uses the same order).
    """
    near = [bits(problem.graph.beside(cell)) & kind.may for cell in range(problem.cells)]
    demand = problem.demand.tolist()
    for root in positions(kind.may):
        barred = (1 << (root + 1)) - 1
        growing = [(1 << root, near[root] & ~barred, barred, demand[root])] if demand[root] <= heaviest else []
        while growing:
            cells, open_, closed, load = growing.pop()
            yield cells
            for cell in positions(open_):
                closed |= 1 << cell
                if load + demand[cell] <= heaviest:
                    wider = (open_ | near[cell]) & ~closed
                    growing.append((cells | 1 << cell, wider, closed, load + demand[cell]))


class _Pricing:
    """The share of the objective that one beat has."""

    def __init__(self, problem: Problem, kind: Kind, weights: Weights) -> None:
        self._problem, self._weights, self._kind = problem, weights, kind
        today = measure(problem, problem.current)
        self._cut, self._travel = weights.cut / (today.cut_m or 1.0), weights.travel / (today.travel or 1.0)
        self._scale = float(problem.scale[kind.beats[0]])
        self._home = bits(np.flatnonzero(problem.current == kind.beats[0])) if len(kind.beats) == 1 else 0

    def limits(self, room: Room) -> tuple[float, float]:
        """Demand below and above which the balance alone costs the part more than it may.

        With even staff a load u leaves load − u to the others, at best shared evenly. With mean r = load / beats
        the squares are then at least beats · (r − 1)² + (u − r)² · beats / (beats − 1).
        """
        weight, beats = self._weights.balance, room.beats
        if weight <= 0:
            return 0.0, float("inf")
        squares, middle = room.worst * self._problem.beats / weight, 1.0
        if self._problem.even_staff:
            middle = room.load / beats
            squares = max(0.0, squares - beats * (middle - 1) ** 2) * (beats - 1) / beats
        apart = float(np.sqrt(squares)) * (1 + 1e-9) + 1e-9
        return (middle - apart) / self._scale, (middle + apart) / self._scale

    def column(self, cells: int, number: int) -> Column:
        """A set of cells with its cost."""
        problem, weights, inside = self._problem, self._weights, positions(cells)
        demand = float(problem.demand[inside].sum())
        load = demand * self._scale
        cost = weights.balance * (load - 1) ** 2 + weights.peak * max(0.0, load - weights.ceiling) ** 2
        moved = len(positions(cells & ~self._home)) if self._home else 0
        cost = cost / problem.beats + weights.moves * moved / problem.cells
        if self._cut > 0:
            cost += self._cut * self._border(inside, cells) / 2
        if self._travel > 0:
            cost += self._travel * _inertia(problem, np.array(inside))
        return Column(cells, number, demand, cost, moved)

    def _border(self, inside: list[int], cells: int) -> float:
        graph, metres = self._problem.graph, 0.0
        for cell in inside:
            for at in range(graph.starts[cell], graph.starts[cell + 1]):
                metres += 0.0 if cells >> int(graph.heads[at]) & 1 else float(graph.borders[at])
        return metres


def _inertia(problem: Problem, inside: np.ndarray) -> float:
    demand, places = problem.demand[inside], problem.xy[inside]
    centre = (demand[:, None] * places).sum(axis=0) / (demand.sum() or 1.0)
    return float((demand * ((places - centre) ** 2).sum(axis=1)).sum())
