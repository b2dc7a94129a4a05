"""Annealing runs side by side: schedules, budgets of moved cells, and the best plan kept for each."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from threading import Event

import numpy as np
from numpy.typing import NDArray

from geo.datums import FloatArray
from grids.districting import kernels
from grids.districting.graph import Ints, Longs
from grids.districting.objective import Weights, measure, value
from grids.districting.problem import Problem

CHAINS = 2
# Steps between two looks at the clock: some hundredths of a second.
_CHUNK = 50_000
_POLL_S = 0.1


@dataclass(frozen=True)
class Schedule:
    """One annealing run: temperatures, prices and the shares of kinds of steps; see grids.districting.kernels.

    `beyond` is the price of a moved cell beyond the budget half way; it rises from a `ramp`-th of that to `ramp` times
    it, so that plans first grow past the budget and are then squeezed into it.
    """

    hot: float
    cold: float
    beyond: float
    ramp: float = 1.0
    home_first: float = 0.2
    two: float = 0.6
    three: float = 0.3
    recombine: float = 0.0
    from_best: bool = False


@dataclass(frozen=True)
class Effort:
    """How long to search: `seconds` by the clock, or `iterations` (steps of each chain), which makes it repeatable."""

    seconds: float = 10.0
    iterations: int | None = None


@dataclass
class Archive:
    """The best assignment with at most marks[q] moved cells, met so far; value inf where none was met."""

    marks: Longs
    values: FloatArray
    kept: NDArray[np.int32]

    @classmethod
    def of(cls, problem: Problem, marks: Sequence[int], weights: Weights) -> "Archive":
        """Today's plan at every mark."""
        count = len(marks)
        today = value(problem, problem.current, weights)
        return cls(np.array(marks, np.int64), np.full(count, today), np.tile(problem.current, (count, 1)))

    def take(self, other: "Archive") -> None:
        """Keep what another found better, and let no mark be worse than one with fewer moves."""
        for mark in range(len(self.marks)):
            if other.values[mark] < self.values[mark]:
                self.values[mark], self.kept[mark] = other.values[mark], other.kept[mark]
            if mark and self.values[mark - 1] < self.values[mark]:
                self.values[mark], self.kept[mark] = self.values[mark - 1], self.kept[mark - 1]

    def copy(self) -> "Archive":
        """One of its own for a chain."""
        return Archive(self.marks, self.values.copy(), self.kept.copy())


@dataclass
class Chain:
    """One sequence of annealing runs with its own dice and archive."""

    problem: Problem
    weights: Weights
    archive: Archive
    seed: tuple[int, ...]
    _dice: NDArray[np.uint64] = field(init=False)

    def __post_init__(self) -> None:
        self._dice = np.random.SeedSequence(self.seed).generate_state(1, np.uint64) | np.uint64(1)

    def run(
        self, budget: int, schedule: Schedule, effort: Effort, stop: Callable[[], bool], start: Ints | None = None
    ) -> None:
        """Anneal once, from today's plan, from `start` or from the best kept for the budget."""
        mark = int(np.searchsorted(self.archive.marks, budget))
        held = self.problem.current if start is None else start
        held = (self.archive.kept[mark] if schedule.from_best else held).copy()
        knobs, began, done, part = self._knobs(budget, schedule), time.monotonic(), 0, 0.0
        knobs[kernels.BEYOND] /= schedule.ramp
        while part < 1 and not stop():
            hot = _between(schedule, part)
            if effort.iterations is not None:
                steps = min(_CHUNK, effort.iterations - done)
                done += steps
                part = done / effort.iterations
            else:
                steps, part = _CHUNK, (time.monotonic() - began) / effort.seconds
            self._anneal(steps, hot, _between(schedule, min(part, 1.0)), knobs, held)
            knobs[kernels.BEYOND] = schedule.beyond * schedule.ramp ** (2 * min(part, 1.0) - 1)

    def _anneal(self, steps: int, hot: float, cold: float, knobs: FloatArray, held: Ints) -> None:
        problem, rules, archive = self.problem, self.problem.rules, self.archive
        graph = problem.graph
        kernels.anneal(
            steps, hot, min(hot, cold), knobs, graph.starts, graph.heads, graph.tails, graph.borders,
            problem.demand, problem.xy, problem.current, rules.cell_group, rules.locked_cells.view(np.uint8),
            problem.scale, rules.beat_group, rules.locked_beats.view(np.uint8), held, self._dice, archive.marks,
            archive.values, archive.kept,
        )  # fmt: skip

    def _knobs(self, budget: int, schedule: Schedule) -> FloatArray:
        weights, today = self.weights, measure(self.problem, self.problem.current)
        knobs = [
            weights.balance, weights.peak, weights.cut / (today.cut_m or 1.0), weights.travel / (today.travel or 1.0),
            weights.ceiling, weights.moves / self.problem.cells, schedule.beyond, budget, schedule.home_first,
            schedule.two, schedule.three, schedule.recombine,
        ]  # fmt: skip
        return np.array(knobs, np.float64)


# Parts of a point's time: three runs from today's plan, then one from the best so far.
ROUNDS = (0.25, 0.3, 0.3, 0.15)
_LARGE = 2000
# Heat, price (as a part of what a move must gain on average) and its ramp, by round and chain.
_MIXED = (
    ((0.5, 0.15, 4.0), (1.5, 0.5, 1.0)),
    ((0.5, 0.1, 3.0), (0.5, 0.15, 1.0)),
    ((0.4, 0.12, 3.0), (1.0, 0.3, 1.0)),
    ((0.1, 0.2, 1.0), (0.2, 0.4, 1.0)),
)


def rounds(problem: Problem) -> list[tuple[int, float]]:
    """Number and part of the time of each round: a large city has one long run instead of three."""
    if problem.cells > _LARGE:
        return [(len(ROUNDS) - 2, 1 - ROUNDS[-1]), (len(ROUNDS) - 1, ROUNDS[-1])]
    return list(enumerate(ROUNDS))


def schedules(problem: Problem, weights: Weights, budget: int, chain: int, round_: int) -> Schedule:
    """The schedule of a chain in a round: they differ in price and heat, since no single one is best everywhere.

    Where a quarter of the cells may move, recombination takes part, and it pays to start hotter.
    """
    today = max(value(problem, problem.current, weights), 1e-9)
    heat, price, ramp = _MIXED[round_][chain % CHAINS]
    if budget < problem.cells / 20:
        # Few moves: each gains so much that a low price would leave the plan beyond the budget all the time.
        heat, price, ramp = max(heat, 0.5), 2 * price, 1.0
    many = budget >= problem.cells / 4
    cold = 1e-5 if many else 2e-3 if budget < problem.cells / 10 else 2e-4
    return Schedule(
        hot=today / problem.beats * (1.2 * min(1.0, 2 * heat) if many else heat),
        cold=today / problem.beats * cold,
        beyond=price * today / max(budget, 1),
        ramp=1.0 if many else ramp,
        recombine=0.04 if many else 0.0,
        from_best=round_ == len(ROUNDS) - 1,
    )


def side_by_side(work: Sequence[Callable[[], None]], stop: Callable[[], bool], tell: Callable[[], None]) -> bool:
    """Run pieces of work in threads, asking `stop` and calling `tell` in this one; False when stopped.

    `work` must end by itself soon after `stop` has answered True.
    """
    stopped = False
    with ThreadPoolExecutor(len(work)) as pool:
        waiting = {pool.submit(piece) for piece in work}
        while waiting:
            done, waiting = wait(waiting, timeout=_POLL_S)
            for future in done:
                future.result()
            stopped = stopped or stop()
            tell()
    return not stopped


class Stopper:
    """Turns a question that may be costly or bound to one thread into a flag that all threads may read."""

    def __init__(self, ask: Callable[[], bool] | None) -> None:
        self._ask, self._flag = ask, Event()

    def ask(self) -> bool:
        """Ask, and remember a yes."""
        if not self._flag.is_set() and self._ask is not None and self._ask():
            self._flag.set()
        return self._flag.is_set()

    def told(self) -> bool:
        """Whether the answer has been yes."""
        return self._flag.is_set()


def _between(schedule: Schedule, part: float) -> float:
    return float(schedule.hot * (schedule.cold / schedule.hot) ** part)
