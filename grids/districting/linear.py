"""Few moves as a mixed-integer program: a variable for each cell and beat that so many moves can bring together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from ortools.math_opt.python import mathopt

from geo.datums import FloatArray
from grids.districting.graph import Ints
from grids.districting.joining import Beats, between, rim, split_by
from grids.districting.problem import Problem

# A square is replaced by its tangents here, in parts of the mean load; more are added where plans are found.
_TANGENTS = np.arange(-1.0, 1.2, 0.02)
_FARTHEST = 50.0


@dataclass
class Program:
    """`inside`: whether a cell is in a beat, for every pair that can be. `kept`: whether a beat keeps any of its cells.

    `apart` (k): each load less the mean one, in parts of today's mean load; `squares`: at least their squares.
    """

    beats: Beats
    model: mathopt.Model = field(default_factory=mathopt.Model)
    inside: dict[tuple[int, int], mathopt.Variable] = field(default_factory=dict)
    kept: list[mathopt.Variable] = field(default_factory=list)
    apart: list[mathopt.Variable] = field(default_factory=list)
    squares: list[mathopt.Variable] = field(default_factory=list)

    @property
    def problem(self) -> Problem:
        """What is planned."""
        return self.beats.problem

    def must(self, rule: object) -> None:
        """One more rule."""
        self.model.add_linear_constraint(rule)

    def some(self, cells: Iterable[int], beat: int) -> mathopt.LinearExpression:
        """How many of these cells are in the beat."""
        return mathopt.fast_sum([self.inside[cell, beat] for cell in cells if (cell, beat) in self.inside])

    def at_most(self, variance: float) -> None:
        """Only plans whose mean square apart from the mean load is no more than that."""
        self.must(mathopt.fast_sum(self.squares) <= variance * self.problem.beats)

    def touch(self, beat: int, at: float) -> None:
        """A tangent of the square of a beat's load apart from the mean."""
        self.must(self.squares[beat] >= 2 * at * self.apart[beat] - at * at)

    def keep_together(self, beat: int, pieces: list[set[int]]) -> None:
        """No piece of a beat that has been found to lie apart may do so again."""
        own = self.beats.own[beat]
        for piece in pieces:
            if not piece & own:
                self.join(beat, piece, own)
            for other in pieces:
                if other is not piece:
                    self.part(beat, piece, other)

    def join(self, beat: int, piece: set[int], own: set[int]) -> None:
        """Cells that come are in a beat that keeps any only with one of those between them and what it has today."""
        path = self.some(between(self.beats.graph, own, piece), beat)
        for cell in piece:
            if (cell, beat) in self.inside:
                self.must(self.inside[cell, beat] <= path + 1 - self.kept[beat])

    def part(self, beat: int, piece: set[int], other: set[int]) -> None:
        """A cell of each piece are both in the beat only with one of those between the pieces."""
        path, own = self.some(between(self.beats.graph, other, piece), beat), self.beats.own[beat]
        first, second = (part & own or part for part in (piece, other))
        for cell in first:
            for far in second:
                if (cell, beat) in self.inside and (far, beat) in self.inside:
                    self.must(self.inside[cell, beat] + self.inside[far, beat] - 1 <= path)


def program(beats: Beats, pairs: Sequence[tuple[int, int]]) -> Program:
    """Every cell in one beat, no beat empty, few moves, containment and locks, and much of what keeps beats whole.

    pairs: of cell and beat that may come together (Beats.pairs). A beat that lies in pieces today may do so in any way:
    that makes more plans possible, never fewer.
    """
    problem, made = beats.problem, Program(beats)
    made.inside = {pair: made.model.add_binary_variable() for pair in pairs}
    of_cell: list[list[mathopt.Variable]] = [[] for _ in range(problem.cells)]
    for (cell, _beat), held in made.inside.items():
        of_cell[cell].append(held)
    for held_by in of_cell:
        made.must(mathopt.fast_sum(held_by) == 1)
    today = [made.inside[cell, int(beat)] for cell, beat in enumerate(problem.current)]
    made.must(mathopt.fast_sum(today) >= problem.cells - beats.moves)
    _loads(made)
    _keeping(made)
    for beat in range(problem.beats):
        if beats.whole[beat]:
            _reached(made, beat)
            for one, rest in split_by(beats.graph, beats.own[beat]):
                made.part(beat, one, rest)
    return made


def plan_of(made: Program, values: dict[mathopt.Variable, float]) -> Ints:
    """The assignment (n) that a solution says."""
    held = made.problem.current.copy()
    for (cell, beat), variable in made.inside.items():
        if values[variable] > 0.5:
            held[cell] = beat
    return held


def apart(problem: Problem, held: Ints) -> FloatArray:
    """Each load less the mean one (k), in parts of today's mean load."""
    loads = problem.loads(held) / problem.loads(problem.current).mean()
    return np.asarray(loads - loads.mean(), np.float64)


def _loads(made: Program) -> None:
    problem, own = made.problem, [[] for _ in range(made.problem.beats)]  # type: ignore[var-annotated]
    mean = problem.loads(problem.current).mean()
    for (cell, beat), held in made.inside.items():
        own[beat].append(float(problem.demand[cell] / problem.minutes[beat] / mean) * held)
    loads = [mathopt.fast_sum(parts) for parts in own]
    middle = made.model.add_variable(lb=0, ub=_FARTHEST)
    made.must(middle * problem.beats == mathopt.fast_sum(loads))
    for beat, load in enumerate(loads):
        made.apart.append(made.model.add_variable(lb=-_FARTHEST, ub=_FARTHEST))
        made.squares.append(made.model.add_variable(lb=0, ub=_FARTHEST**2))
        made.must(made.apart[beat] == load - middle)
        for at in _TANGENTS.tolist():
            made.touch(beat, at)
    made.model.minimize(mathopt.fast_sum(made.squares))


def _keeping(made: Program) -> None:
    """A beat of more cells than may move keeps one of them; a smaller one may lose them all, but is never empty."""
    for beat, own in enumerate(made.beats.own):
        keeps = made.model.add_binary_variable()
        made.kept.append(keeps)
        made.must(keeps <= made.some(own, beat))
        made.must(made.some(range(made.problem.cells), beat) >= 1)
        if len(own) >= made.beats.moves:
            made.must(keeps == 1)
        for cell in own:
            made.must(made.inside[cell, beat] <= keeps)


def _reached(made: Program, beat: int) -> None:
    """What comes to a beat is joined to what it keeps: at every number of steps between, some cell came too."""
    beats, gone = made.beats, 1 - made.kept[beat]
    away = beats.away[:, beat]
    for cell in beats.coming(beat):
        held, near = made.inside[cell, beat], beats.hops[cell]
        made.must(held <= made.some(rim(beats.graph, {cell}), beat) + gone)
        for far in range(1, min(int(away[cell]), made.beats.moves + 1)):
            steps = np.flatnonzero((away == far) & (near + far <= made.beats.moves))
            made.must(held <= made.some(steps.tolist(), beat) + gone)
