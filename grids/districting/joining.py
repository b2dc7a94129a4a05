"""Which cells hold a beat together: how far cells lie from it, and which lie between two parts of it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from grids.districting.graph import Graph, Longs, hops
from grids.districting.problem import Problem
from grids.districting.rules import pieces_by_beat


@dataclass(frozen=True)
class Beats:
    """The beats of a problem as a program with at most `moves` moves sees them.

    own: the cells of each beat today. whole: which beats are in one piece. hops (n, n): steps between two cells; away
    (n, k): steps of a cell to a beat, through cells that the beat may hold; n where none leads there.
    """

    problem: Problem
    moves: int
    graph: Graph
    own: list[set[int]]
    whole: list[bool]
    hops: Longs
    away: Longs

    @classmethod
    def of(cls, problem: Problem, moves: int) -> "Beats":
        """Read a problem."""
        own = [set(np.flatnonzero(problem.current == beat).tolist()) for beat in range(problem.beats)]
        whole = (pieces_by_beat(problem.graph, problem.current, problem.beats) <= 1).tolist()
        between_all = np.stack([hops(problem.graph, np.array([cell])) for cell in range(problem.cells)])
        away = np.stack([_away(problem, beat) for beat in range(problem.beats)], axis=1)
        return cls(problem, moves, problem.graph, own, whole, between_all, away)

    def pairs(self) -> list[tuple[int, int]]:
        """Cell and beat wherever a plan of so few moves may bring them together.

        A beat with fewer cells than may move can lose all of them and lie anywhere; one in pieces can take any cell.
        """
        return [
            (cell, beat) for beat in range(self.problem.beats) for cell in [*sorted(self.own[beat]), *self.coming(beat)]
        ]

    def coming(self, beat: int) -> list[int]:
        """The cells that may come to a beat."""
        problem, rules = self.problem, self.problem.rules
        if rules.locked_beats[beat]:
            return []
        closed = rules.locked_cells | rules.locked_beats[problem.current] | (problem.current == beat)
        if self.whole[beat] and len(self.own[beat]) >= self.moves:
            closed = closed | (self.away[:, beat] > self.moves)
        return [cell for cell in np.flatnonzero(~closed).tolist() if rules.allows(cell, beat)]


def rim(graph: Graph, cells: set[int]) -> set[int]:
    """The cells that touch these and are none of them."""
    return {int(other) for cell in cells for other in graph.beside(cell)} - cells


def between(graph: Graph, start: set[int], piece: set[int]) -> set[int]:
    """The cells around a piece that a path from the start meets first: to get from one to the other, one of them."""
    around, seen, waiting = rim(graph, piece), set(start) - piece, [*(start - piece)]
    while waiting:
        cell = waiting.pop()
        if cell not in around:
            fresh = [int(other) for other in graph.beside(cell) if other not in seen and other not in piece]
            seen.update(fresh)
            waiting += fresh
    return around & seen


def parts(graph: Graph, cells: set[int]) -> list[set[int]]:
    """The connected pieces of a set of cells."""
    found, left = [], set(cells)
    while left:
        piece, waiting = set(), [left.pop()]
        while waiting:
            cell = waiting.pop()
            piece.add(cell)
            fresh = [int(other) for other in graph.beside(cell) if other in left]
            left.difference_update(fresh)
            waiting += fresh
        found.append(piece)
    return found


def split_by(graph: Graph, cells: set[int]) -> Iterator[tuple[set[int], set[int]]]:
    """Each part that a set falls into when one cell of it goes, and what is left of it besides."""
    for joint in cells:
        pieces = parts(graph, cells - {joint})
        if len(pieces) > 1:
            yield from ((piece, cells - piece - {joint}) for piece in pieces)


def _away(problem: Problem, beat: int) -> Longs:
    """Steps of each cell to a beat through cells that it may hold."""
    rules = problem.rules
    allowed = np.array([rules.allows(cell, beat) for cell in range(problem.cells)])
    away = np.full(problem.cells, problem.cells, np.int64)
    frontier, step = np.flatnonzero(problem.current == beat), 0
    away[frontier] = 0
    while len(frontier):
        step += 1
        reached = np.unique(np.concatenate([problem.graph.beside(int(cell)) for cell in frontier]))
        frontier = reached[allowed[reached] & (away[reached] > step)]
        away[frontier] = step
    return away
