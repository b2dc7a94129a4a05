"""Exact plans: what brute force finds, under every rule, with a proof; refusals where none exists."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import Refused
from grids.districting import columns
from grids.districting.exact import solve
from grids.districting.graph import make_graph
from grids.districting.objective import Weights
from grids.districting.problem import make_problem
from grids.districting.rules import broken
from tests.grids.test_districting import SMALL, graph_of, lattice
from tests.oracle import districting as oracle

TODAY = [0, 0, 0, 1, 1, 1, 2, 2, 2]
NINE = st.lists(st.integers(1, 30), min_size=9, max_size=9)
LOCKS = st.fixed_dictionaries({}, optional={"locked_cells": st.just([0]), "locked_beats": st.just([2])})


@settings(max_examples=12)
@given(NINE, LOCKS, st.integers(0, 9))
def test_exact_equals_brute_force_on_a_small_graph(demand, locks, moves):
    problem = make_problem(graph_of(SMALL, 9), demand, TODAY, **locks)
    proof = solve(problem, moves=moves)
    assert proof.optimal
    assert proof.figures.cv == pytest.approx(oracle.best_cv(SMALL, demand, TODAY, 3, moves, **locks), abs=1e-6)
    assert proof.figures.moved <= moves
    assert broken(problem.graph, problem.rules, problem.current, proof.assignment) == []


@settings(max_examples=6)
@given(NINE)
def test_without_a_limit_beats_are_interchangeable_and_the_best_is_still_found(demand):
    proof = solve(make_problem(graph_of(SMALL, 9), demand, TODAY))
    assert proof.figures.cv == pytest.approx(oracle.best_cv(SMALL, demand, TODAY, 3, 9), abs=1e-6)
    assert proof.bound == pytest.approx(proof.objective, abs=1e-7)
    assert proof.gap == 0


@settings(max_examples=6)
@given(st.lists(st.integers(1, 30), min_size=8, max_size=8))
def test_containment_is_kept_and_communities_are_solved_each_for_itself(demand):
    edges, today = lattice(2, 4), [0, 0, 2, 2, 1, 1, 3, 3]
    groups = [0, 0, 1, 1, 0, 0, 1, 1], [0, 0, 1, 1]
    problem = make_problem(graph_of(edges, 8), demand, today, cell_group=groups[0], beat_group=groups[1])
    proof = solve(problem)
    assert proof.optimal
    best = oracle.best_cv(edges, demand, today, 4, 8, groups=groups)
    assert proof.figures.cv == pytest.approx(best, abs=1e-6)
    assert broken(problem.graph, problem.rules, problem.current, proof.assignment) == []


def test_a_price_of_moves_keeps_cells_where_they_are():
    problem = make_problem(graph_of(SMALL, 9), [9, 9, 9, 1, 1, 1, 5, 5, 5], TODAY)
    free, dear = solve(problem), solve(problem, weights=Weights(moves=10.0))
    assert free.figures.moved > 0
    assert dear.figures.moved == 0


def test_of_equally_good_labels_those_that_move_fewest_cells_are_taken():
    problem = make_problem(graph_of(SMALL, 9), [1] * 9, TODAY)
    assert solve(problem).figures.moved == 0


def test_too_large_a_station_is_refused_in_words(monkeypatch):
    monkeypatch.setattr(columns, "MOST", 10)
    with pytest.raises(Refused, match="possible beats"):
        solve(make_problem(graph_of(SMALL, 9), [1, 2, 3, 4, 5, 6, 7, 8, 9], TODAY))


def test_a_beat_that_cannot_be_joined_is_refused_in_words():
    torn = make_problem(make_graph({0: {}, 1: {}, 2: {}}), [1, 2, 3], [0, 1, 0])
    with pytest.raises(Refused, match="contiguous"):
        solve(torn)


def test_the_answer_does_not_depend_on_the_order_of_cells():
    dice = np.random.default_rng(5)
    demand, mixed = dice.integers(1, 40, 16), dice.permutation(16)
    edges = lattice(4, 4)
    plain = solve(make_problem(graph_of(edges, 16), demand, np.arange(16) // 4))
    where = np.argsort(mixed)
    moved_edges = [(int(where[a]), int(where[b])) for a, b in edges]
    other = solve(make_problem(graph_of(moved_edges, 16), demand[mixed], (np.arange(16) // 4)[mixed]))
    assert plain.figures.cv == pytest.approx(other.figures.cv, abs=1e-9)
