"""The best plan of few moves, proven: a mixed-integer program that is told of every beat that falls apart.

The model of B. Validi, A. Buchanan, E. Lykhovyd, "Imposing contiguity constraints in political districting models"
(Operations Research 70, 2022): plans are found without all of contiguity, and what a plan breaks is forbidden.
"""

import time
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
from ortools.math_opt.python import mathopt

from grids.districting.bounds import cv_bound, mean_range
from grids.districting.graph import Ints
from grids.districting.joining import Beats, parts
from grids.districting.linear import Program, apart, plan_of, program
from grids.districting.objective import measure
from grids.districting.problem import Problem
from grids.districting.rules import broken

# Beyond so many cells, or pairs of cell and beat, the first program alone takes longer than a planner waits.
MOST_CELLS = 600
MOST_PAIRS = 12_000
_CLOSE = 1e-4  # of the variance: as near as the solver itself is asked to come
_BOUNDED = (
    mathopt.TerminationReason.OPTIMAL,
    mathopt.TerminationReason.FEASIBLE,
    mathopt.TerminationReason.NO_SOLUTION_FOUND,
)


@dataclass(frozen=True)
class Limit:
    """The best plan known with at most `moves` moved cells, and that no such plan has a lower CV than `cv_bound`.

    proven: the bound is reached, up to one part in 10,000 of the variance. rounds: programs solved.
    """

    assignment: Ints = field(repr=False)
    cv: float
    cv_bound: float
    proven: bool
    rounds: int
    seconds: float


def limit(problem: Problem, moves: int, known: Ints, seconds: float = 10.0) -> Limit:
    """Better a known plan (n) of at most `moves` moves as far as can be, and prove how far, in the time there is.

    The aim is balance alone: the variance of the loads. Where staff is even that is CV itself; else the bound also
    allows for how far the mean load can move. Of a problem of more than MOST_CELLS cells or MOST_PAIRS pairs nothing
    more is found than cv_bound. The time is that of the solver, which cannot be interrupted within it.
    """
    began = time.monotonic()
    seeker = _Seeker(problem, moves, known, began + seconds)
    if moves and problem.cells <= MOST_CELLS:
        seeker.run()
    cv = measure(problem, seeker.best).cv
    bound = min(max(seeker.cv_bound(), cv_bound(problem, moves)), cv)
    return Limit(seeker.best, cv, bound, reached(bound, cv), seeker.rounds, time.monotonic() - began)


def reached(bound: float, cv: float) -> bool:
    """Whether a plan's CV is the lower bound, up to one part in 10,000 of the variance."""
    return bool(bound**2 >= cv**2 * (1 - _CLOSE))


class _Seeker:
    """Solves, forbids what lies apart, and solves again, until a plan stands or the time is up."""

    def __init__(self, problem: Problem, moves: int, known: Ints, until: float) -> None:
        self.problem, self.moves, self.best, self.until = problem, moves, known, until
        self.variance, self.lowest, self.rounds, self.closed = _variance(problem, known), 0.0, 0, False

    def run(self) -> None:
        """To the end, whichever it is."""
        beats = Beats.of(self.problem, self.moves)
        if len(pairs := beats.pairs()) > MOST_PAIRS:
            return
        made = program(beats, pairs)
        made.at_most(self.variance * (1 + _CLOSE))
        while (left := self.until - time.monotonic()) > 0.2 and not self.closed:
            result = mathopt.solve(
                made.model, mathopt.SolverType.HIGHS,
                params=mathopt.SolveParameters(time_limit=timedelta(seconds=left), relative_gap_tolerance=_CLOSE / 2),
            )  # fmt: skip
            self.rounds += 1
            if result.termination.reason not in _BOUNDED:
                return
            self._learn(result.termination.objective_bounds.dual_bound / self.problem.beats)
            if not result.has_primal_feasible_solution() or not self._go_on(made, result):
                return

    def _learn(self, found: float) -> None:
        """The bound of a program is one of the plans: it allows more than they may."""
        self.lowest = max(self.lowest, min(found, self.variance))
        self.closed = self.lowest >= self.variance * (1 - _CLOSE)

    def _go_on(self, made: Program, result: mathopt.SolveResult) -> bool:
        """Take the plan if it stands, else forbid how it falls apart; False where there is nothing to forbid."""
        held = plan_of(made, result.variable_values())
        if _forbid_pieces(made, held):
            return True
        if broken(self.problem.graph, self.problem.rules, self.problem.current, held):
            return False  # a beat that is in pieces today has fallen into more of them, which no rule here forbids
        for beat, at in enumerate(apart(self.problem, held).tolist()):
            made.touch(beat, at)
        variance = _variance(self.problem, held)
        if variance < self.variance:
            self.best, self.variance = held, variance
        self.closed = self.lowest >= self.variance * (1 - _CLOSE)
        return not self.closed

    def cv_bound(self) -> float:
        """Of the CV: the variance over the square of the highest mean load that the moves allow."""
        highest = mean_range(self.problem, self.moves)[1] / self.problem.loads(self.problem.current).mean()
        return float(np.sqrt(max(self.lowest, 0.0)) / highest)


def _forbid_pieces(made: Program, held: Ints) -> bool:
    """Forbid every piece of a beat that lies apart; whether there was any."""
    found = False
    for beat in np.flatnonzero(made.beats.whole).tolist():
        pieces = parts(made.problem.graph, set(np.flatnonzero(held == beat).tolist()))
        if len(pieces) > 1:
            made.keep_together(beat, pieces)
            found = True
    return found


def _variance(problem: Problem, held: Ints) -> float:
    return float((apart(problem, held) ** 2).mean())
