"""Few moves: the plan that brute force finds, under every rule, with a bound that no plan is below."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grids.districting import Prover, front
from grids.districting.few_moves import limit
from grids.districting.joining import Beats, between, parts, split_by
from grids.districting.problem import make_problem
from grids.districting.rules import broken
from tests.conftest import examples
from tests.grids.test_districting import SMALL, graph_of, lattice
from tests.oracle import districting as oracle

TODAY = [0, 0, 0, 1, 1, 1, 2, 2, 2]
NINE = st.lists(st.integers(1, 30), min_size=9, max_size=9)
LOCKS = st.fixed_dictionaries({}, optional={"locked_cells": st.just([0]), "locked_beats": st.just([2])})


def variation(loads):
    return loads.std() / loads.mean()


@settings(max_examples=examples(12))
@given(NINE, LOCKS, st.integers(0, 9))
def test_the_best_plan_of_few_moves_is_that_of_brute_force_and_is_proven(demand, locks, moves):
    problem = make_problem(graph_of(SMALL, 9), demand, TODAY, **locks)
    found = limit(problem, moves, problem.current, 20.0)
    best = oracle.best_cv(SMALL, demand, TODAY, 3, moves, **locks)
    assert found.cv == pytest.approx(best, rel=1e-4, abs=1e-3)
    assert found.cv_bound <= best + 1e-9
    assert (found.assignment != problem.current).sum() <= moves
    assert broken(problem.graph, problem.rules, problem.current, found.assignment) == []
    assert found.proven or best < 0.01


@settings(max_examples=examples(5))
@given(NINE, st.lists(st.integers(1, 4), min_size=3, max_size=3), st.integers(1, 4))
def test_no_plan_is_below_the_bound_where_staff_is_uneven(demand, minutes, moves):
    problem = make_problem(graph_of(SMALL, 9), demand, TODAY, minutes=minutes)
    found = limit(problem, moves, problem.current, 20.0)
    plans = oracle.all_plans(SMALL, demand, TODAY, 3, moves)
    best = min(variation(np.bincount(plan, demand, minlength=3) / minutes) for plan in plans)
    assert found.cv_bound <= best + 1e-9
    assert found.cv >= best - 1e-9


@settings(max_examples=examples(3))
@given(st.lists(st.integers(1, 30), min_size=8, max_size=8), st.integers(1, 3))
def test_beats_keep_to_their_communities(demand, moves):
    edges, today, community = lattice(2, 4), [0, 0, 2, 2, 1, 1, 3, 3], [0, 0, 1, 1, 0, 0, 1, 1]
    problem = make_problem(graph_of(edges, 8), demand, today, cell_group=community, beat_group=[0, 0, 1, 1])
    found = limit(problem, moves, problem.current, 20.0)
    inside = [
        plan
        for plan in oracle.all_plans(edges, demand, today, 4, moves)
        if all(beat // 2 == own for beat, own in zip(plan, community, strict=True))
    ]
    assert found.cv == pytest.approx(min(oracle.cv(plan, demand, 4) for plan in inside), rel=1e-4, abs=1e-3)
    assert tuple(found.assignment.tolist()) in inside


def test_a_beat_in_two_pieces_today_is_no_obstacle_and_falls_into_no_more():
    edges, today = lattice(1, 6), [0, 1, 1, 0, 2, 2]
    problem = make_problem(graph_of(edges, 6), [9, 1, 1, 1, 1, 5], today)
    found = limit(problem, 2, problem.current, 20.0)
    assert broken(problem.graph, problem.rules, problem.current, found.assignment) == []
    assert found.cv_bound <= found.cv


def test_a_front_is_proven_point_by_point():
    demand = [5, 9, 2, 7, 1, 1, 3, 4, 8]
    problem = make_problem(graph_of(SMALL, 9), demand, TODAY)
    for point in front(problem, [0, 1, 2], iterations=200).points:
        sure = Prover(problem, 20.0).proven(point)
        best = oracle.best_cv(SMALL, demand, TODAY, 3, point.moves)
        assert sure.proven
        assert sure.figures.cv == pytest.approx(best, rel=1e-4)
        assert sure.cv_bound == pytest.approx(best, rel=1e-4)
        assert len(sure.moved) <= point.moves


def test_what_lies_between_two_pieces_is_what_a_path_meets_first():
    graph = graph_of(lattice(1, 5), 5)
    assert between(graph, {0}, {3, 4}) == {2}
    assert parts(graph, {0, 1, 3, 4}) == [{0, 1}, {3, 4}]
    assert list(split_by(graph, {1, 2, 3})) == [({1}, {3}), ({3}, {1})]


def test_a_beat_smaller_than_the_moves_may_end_anywhere():
    problem = make_problem(graph_of(lattice(1, 5), 5), np.ones(5), [0, 1, 1, 1, 1])
    assert Beats.of(problem, 1).coming(0) == [1]
    assert Beats.of(problem, 2).coming(0) == [1, 2, 3, 4]
