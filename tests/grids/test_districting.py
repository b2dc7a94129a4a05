"""Redistricting by search: rules kept, more moves never worse, the same seed the same answer, bounds that hold."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from grids.districting.bounds import cv_bound, peak_bound
from grids.districting.first import first_plan
from grids.districting.front import front
from grids.districting.graph import make_graph
from grids.districting.objective import Weights, measure, value
from grids.districting.problem import make_problem
from grids.districting.rules import broken
from grids.districting.staffing import beats_curve, relief_by_lead
from tests.oracle import districting as oracle

STEPS = 20_000


def lattice(rows, columns):
    """Edges of rows × columns square cells that border each other on sides."""
    numbered = np.arange(rows * columns).reshape(rows, columns)
    across = zip(numbered[:, :-1].ravel().tolist(), numbered[:, 1:].ravel().tolist(), strict=True)
    down = zip(numbered[:-1].ravel().tolist(), numbered[1:].ravel().tolist(), strict=True)
    return [*across, *down]


def graph_of(edges, count):
    beside = {cell: {} for cell in range(count)}
    for one, other in edges:
        beside[one][other] = beside[other][one] = 100.0
    return make_graph(beside)


@st.composite
def cities(draw, rows=6, columns=8, most_beats=8):
    """A lattice with random demand, beats grown at random, and some locks."""
    count, beats = rows * columns, draw(st.integers(2, most_beats))
    dice = np.random.default_rng(draw(st.integers(0, 10_000)))
    graph = graph_of(lattice(rows, columns), count)
    today = first_plan(graph, dice.integers(1, 9, count), beats, iterations=1, seed=int(dice.integers(1000)))
    community = np.arange(count) % columns // (columns // 2)
    inside = draw(st.booleans())
    if inside:
        two = community.tolist(), [0] * beats + [1] * beats
        today = first_plan(graph, np.ones(count), 2 * beats, cell_group=two[0], beat_group=two[1], iterations=1)
    return make_problem(
        graph,
        dice.integers(0, 50, count) + 1,
        today,
        minutes=dice.uniform(0.5, 2, int(today.max()) + 1) if draw(st.booleans()) else None,
        xy=np.stack(np.divmod(np.arange(count), columns), axis=1),
        locked_cells=draw(st.lists(st.integers(0, count - 1), max_size=5)),
        locked_beats=draw(st.lists(st.integers(0, beats - 1), max_size=1)),
        **({"cell_group": two[0], "beat_group": two[1]} if inside else {}),
    )


@settings(max_examples=15)
@given(cities(), st.booleans())
def test_no_point_of_a_front_breaks_a_rule_or_its_number_of_moves(problem, with_all_weights):
    weights = Weights(1, 1, 1.05, 0.1, 0.1) if with_all_weights else Weights()
    found = front(problem, (0, 3, 8, 20, 48), iterations=STEPS, weights=weights)
    for point in found.points:
        assert broken(problem.graph, problem.rules, problem.current, point.assignment) == []
        assert len(point.moved) == point.figures.moved <= point.moves
        assert point.figures == measure(problem, point.assignment)
    assert found.points[0].moved == ()


@settings(max_examples=10)
@given(cities())
def test_more_moves_are_never_worse_and_no_point_beats_its_bounds(problem):
    points = front(problem, (0, 2, 4, 8, 16, 48), iterations=STEPS).points
    assert all(after.figures.cv <= before.figures.cv + 1e-9 for before, after in itertools.pairwise(points))
    for point in points:
        assert point.figures.max_over_mean >= point.peak_bound - 1e-9
        assert point.figures.cv >= point.cv_bound - 1e-9


SMALL = lattice(3, 3)


@settings(max_examples=8)
@given(st.lists(st.integers(1, 30), min_size=9, max_size=9), st.integers(0, 9))
def test_search_finds_the_best_plan_of_a_small_graph_and_bounds_lie_below_it(demand, moves):
    today = [0, 0, 0, 1, 1, 1, 2, 2, 2]
    problem = make_problem(graph_of(SMALL, 9), demand, today)
    best = oracle.best_cv(SMALL, demand, today, 3, moves)
    (point,) = front(problem, [moves], iterations=60_000).points
    assert point.figures.cv == pytest.approx(best, abs=1e-6)
    assert cv_bound(problem, moves) <= best + 1e-9
    assert peak_bound(problem, moves) <= oracle.best_peak(SMALL, demand, today, 3, moves) + 1e-9


def island_city():
    """Two rows of cells on either side of a river; beat 1 lies across it."""
    edges = [(0, 1), (1, 2), (3, 4), (4, 5)]
    return edges, [5, 5, 5, 1, 1, 1], [0, 0, 0, 1, 1, 1]


def test_a_declared_link_lets_a_beat_cross_water():
    edges, demand, today = island_city()
    beside = {cell: {} for cell in range(6)}
    for one, other in edges:
        beside[one][other] = beside[other][one] = 10.0
    apart = make_problem(make_graph(beside), demand, today)
    joined = make_problem(make_graph(beside, [(2, 3)]), demand, today)
    assert front(apart, [6], iterations=STEPS).points[0].moved == ()
    assert front(joined, [6], iterations=STEPS).points[0].moved == (2,)


def test_same_seed_and_iterations_give_the_same_plans_and_another_seed_may_not():
    problem = make_problem(graph_of(lattice(8, 8), 64), np.arange(64) % 7 + 1, np.arange(64) // 8)
    plans = [front(problem, (4, 16), seed=seed, iterations=STEPS).points[-1].assignment for seed in (1, 1, 2)]
    assert np.array_equal(plans[0], plans[1])
    assert not np.array_equal(plans[0], plans[2])


def test_a_stopped_search_returns_a_plan_that_keeps_the_rules():
    problem = make_problem(graph_of(lattice(8, 8), 64), np.arange(64) % 7 + 1, np.arange(64) // 8)
    told = []
    found = front(problem, (4, 16), seconds=3600, on_progress=told.append, stop=lambda: len(told) > 2)
    assert not found.complete
    assert len(found.points) == 2
    assert told[0].moves == 4
    for point in found.points:
        assert broken(problem.graph, problem.rules, problem.current, point.assignment) == []
    assert found.points[0].figures.cv < measure(problem, problem.current).cv


def test_a_beat_in_pieces_today_gets_no_more_of_them():
    today = np.array([0, 1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 0])
    problem = make_problem(graph_of(lattice(3, 4), 12), np.arange(12) + 1, today)
    for point in front(problem, (2, 6, 12), iterations=STEPS).points:
        assert broken(problem.graph, problem.rules, today, point.assignment) == []


@pytest.mark.parametrize(("weights", "figure"), [(Weights(0, cut=1), "cut_m"), (Weights(0, travel=1), "travel")])
def test_a_weight_betters_its_own_figure(weights, figure):
    dice = np.random.default_rng(3)
    places = np.stack(np.divmod(np.arange(64), 8), axis=1)
    graph = graph_of(lattice(8, 8), 64)
    today = first_plan(graph, dice.integers(1, 9, 64), 6, iterations=STEPS)
    problem = make_problem(graph, dice.integers(1, 9, 64), today, xy=places)
    point = front(problem, [64], iterations=60_000, weights=weights).points[-1]
    assert getattr(point.figures, figure) < 0.95 * getattr(measure(problem, today), figure)
    assert value(problem, point.assignment, weights) < value(problem, today, weights)


def test_a_first_plan_is_contiguous_and_even_and_stays_inside_its_communities():
    graph, sides = graph_of(lattice(8, 8), 64), np.arange(64) % 8 // 4
    plan = first_plan(graph, np.ones(64), 8, cell_group=sides, beat_group=[0] * 4 + [1] * 4, iterations=60_000)
    problem = make_problem(graph, np.ones(64), plan, cell_group=sides, beat_group=[0] * 4 + [1] * 4)
    assert (problem.loads(plan) == 8).all()
    assert len(set(graph.parts(plan).tolist())) == 8
    assert all(problem.rules.allows(cell, beat) for cell, beat in enumerate(plan))


def test_more_beats_lower_the_largest_load_and_a_new_lead_goes_to_the_busiest():
    graph = graph_of(lattice(6, 6), 36)
    demand = np.where(np.arange(36) < 18, 10, 1)
    curve = beats_curve(graph, demand, (2, 4, 8), iterations=STEPS)
    assert [entry.beats for entry in curve] == [2, 4, 8]
    assert all(after.largest < before.largest for before, after in itertools.pairwise(curve))
    problem = make_problem(graph, demand, np.arange(36) // 12)
    best = relief_by_lead(problem)[0]
    assert best.beat == 0
    assert best.halves == (60, 60)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"demand": [1, 2]}, "one demand and one beat"),
        ({"demand": [0, 0, 0]}, "nothing to balance"),
        ({"current": [0, 0, 2]}, "at least one cell"),
        ({"minutes": [1, 0]}, "staff minutes"),
        ({"cell_group": [0, 0]}, "its group"),
        ({"locked_cells": [7]}, "locked cell"),
    ],
)
def test_numbers_that_do_not_fit_are_refused_in_words(change, says):
    fine = {"demand": [1, 2, 3], "current": [0, 0, 1]}
    with pytest.raises(InputError, match=says):
        make_problem(graph_of([(0, 1), (1, 2)], 3), **{**fine, **change})
