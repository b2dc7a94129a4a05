"""What a plan costs: every figure against a twin that unites shapes and walks lists; rules named; handover whole."""

import math

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.adjacency import pieces
from geo.errors import InputError
from grids.districting.graph import make_graph
from grids.planning.effects import CIRCUITY, SPEED_M_A_MINUTE, Land, beat_figures, forecast, ties_broken, totals
from grids.planning.findings import ERRORS, Ground, findings
from grids.planning.handover import handover, matters_by_hand, per_beat

WIDE, HIGH, SIDE = 5, 4, 100.0
SHAPES = [shapely.box(x * SIDE, y * SIDE, (x + 1) * SIDE, (y + 1) * SIDE) for y in range(HIGH) for x in range(WIDE)]
N, K = len(SHAPES), 4
BESIDE = {
    i: {
        j: SHAPES[i].intersection(SHAPES[j]).length
        for j in range(N)
        if j != i and SHAPES[i].intersection(SHAPES[j]).length
    }
    for i in range(N)
}
GRAPH = make_graph(BESIDE)
XY = np.array([(shape.centroid.x, shape.centroid.y) for shape in SHAPES])

assignments = st.lists(st.integers(0, K - 1), min_size=N, max_size=N).map(lambda told: np.array(told, np.int32))
minutes = st.lists(st.sampled_from([0.0, math.nan, 200.0, 400.0]), min_size=K, max_size=K).map(np.array)
demands = st.lists(st.integers(0, 300), min_size=N, max_size=N).map(lambda told: np.array(told, np.float64))


def land(demand, **more):
    counts = {"residents": np.arange(N, dtype=np.float64), "open_matters": np.ones(N)}
    return Land(GRAPH, demand, np.full(N, SIDE**2), np.full(N, 4 * SIDE), XY, counts, **more)


def by_shapes(demand, held, available):
    """The same by uniting the cells of each beat and measuring the union."""
    rows = []
    for beat in range(K):
        cells = [i for i in range(N) if held[i] == beat]
        worked = sum(demand[i] for i in cells)
        whole = shapely.union_all([SHAPES[i] for i in cells])
        staffed = available[beat] > 0
        compact = 4 * math.pi * whole.area / whole.length**2 if cells else math.nan
        far = max((math.dist(XY[i], XY[j]) for i in cells for j in cells), default=math.nan)
        travel = math.nan
        if worked:
            centre = sum(demand[i] * XY[i] for i in cells) / worked
            travel = sum(demand[i] * math.dist(XY[i], centre) for i in cells) / worked
        load = worked / available[beat] if staffed else math.nan
        ride = travel * CIRCUITY / SPEED_M_A_MINUTE
        rows.append([len(cells), worked, load, compact, far, travel, ride, sum(map(float, cells)), len(cells)])
    return np.array(rows, np.float64)


@settings(max_examples=60)
@given(assignments, demands, minutes)
def test_every_figure_of_a_beat_is_what_its_united_shape_says(held, demand, available):
    told = beat_figures(land(demand), held, available)
    names = ["cells", "demand", "load", "compactness", "diameter_m", "travel_m", "travel_minutes",
             "residents", "open_matters"]  # fmt: skip
    assert list(told.columns) == names
    np.testing.assert_allclose(told.to_numpy(np.float64), by_shapes(demand, held, available), rtol=1e-9, atol=1e-6)


@given(assignments, assignments, demands, minutes)
def test_the_totals_count_what_moves_and_keep_the_sum(before, after, demand, available):
    table = beat_figures(land(demand), after, available)
    told = totals(land(demand), before, after, table)
    moved = [i for i in range(N) if before[i] != after[i]]
    cut = [(i, j) for i in BESIDE for j in BESIDE[i] if i < j and after[i] != after[j]]
    assert (told.moved, told.cut_edges, told.cut_m) == (len(moved), len(cut), SIDE * len(cut))
    assert told.moved_minutes == sum(demand[i] for i in moved)
    assert told.goes == {"residents": sum(moved), "open_matters": len(moved)}
    assert told.unstaffed == sum(1 for beat in set(after.tolist()) if not available[beat] > 0)
    loads = [sum(demand[after == beat]) / available[beat] for beat in range(K) if available[beat] > 0]
    if loads and sum(loads):
        assert told.fair.max_over_mean == pytest.approx(max(loads) / np.mean(loads))
        assert told.fair.cv == pytest.approx(np.std(loads) / np.mean(loads))
    assert table["demand"].sum() == demand.sum()
    apart = [len(pieces([i for i in range(N) if after[i] == beat], BESIDE)) for beat in range(K)]
    assert told.pieces == sum(1 for count in apart if count > 1)


def test_a_record_too_young_for_a_forecast_says_so():
    assert forecast(land(np.ones(N)), np.zeros(N, np.int32), 2).isna().all(axis=None)


def test_a_column_of_another_length_is_refused():
    with pytest.raises(InputError, match="another length"):
        Land(GRAPH, np.ones(N - 1), np.ones(N), np.ones(N), XY)


def ground(**more):
    told = {
        "cell_group": np.full(N, -1, np.int32), "beat_group": np.full(K, -1, np.int32), "led": np.ones(K, bool),
        "staffed": np.ones(K, bool), "locked_cells": np.zeros(N, bool), "locked_beats": np.zeros(K, bool),
    }  # fmt: skip
    return Ground([f"c{i}" for i in range(N)], list("ABCD"), GRAPH, **(told | more))


COLUMNS = np.array([0, 0, 1, 1, 2] * HIGH, np.int32)  # three upright strips, D empty


def moved(*pairs):
    after = COLUMNS.copy()
    for cell, beat in pairs:
        after[cell] = beat
    return after


def rules_of(told):
    return [(each.rule, each.beat, each.cells) for each in told]


def test_each_rule_is_named_with_the_cells_it_is_about():
    assert findings(ground(), COLUMNS, COLUMNS) == []
    assert rules_of(findings(ground(), COLUMNS, moved((7, 2)))) == [("split", 2, (7,))]
    emptied = moved(*((cell, 1) for cell in range(N) if COLUMNS[cell] == 2))
    assert rules_of(findings(ground(), COLUMNS, emptied)) == [("empty", 2, ())]
    led = np.array([True, False, True, True])
    assert rules_of(findings(ground(led=led), COLUMNS, moved((1, 1)))) == [("leaderless", 1, ())]
    locked = np.zeros(N, bool)
    locked[1] = True
    assert rules_of(findings(ground(locked_cells=locked), COLUMNS, moved((1, 1)))) == [("locked_cell", 1, (1,))]
    shut = np.array([False, True, False, False])
    assert rules_of(findings(ground(locked_beats=shut), COLUMNS, moved((1, 1)))) == [("locked_beat", 1, (1,))]
    groups = {"cell_group": (COLUMNS > 0).astype(np.int32), "beat_group": np.array([0, 1, 1, 1], np.int32)}
    assert rules_of(findings(ground(**groups), COLUMNS, moved((1, 1)))) == [("outside", 1, (1,))]
    assert findings(ground(**groups), COLUMNS, moved((1, 1)), allow_outside=True) == []
    nobody = np.array([True, True, False, True])
    found = findings(ground(staffed=nobody), COLUMNS, moved((3, 2)))
    assert [(each.rule, each.weight) for each in found] == [("unstaffed", "warning")]


@given(assignments)
def test_findings_stand_errors_first_and_speak_both_languages(after):
    told = findings(ground(led=np.zeros(K, bool), staffed=np.zeros(K, bool)), COLUMNS, after)
    assert [each.weight for each in told] == sorted(each.weight for each in told)
    assert all((each.rule in ERRORS) == (each.weight == "error") for each in told)
    assert all(each.zh and each.en.endswith(".") for each in told)


def test_an_officer_posted_to_a_cell_that_changes_hands_is_named():
    served = pd.DataFrame({"officer": ["P1", "P2"], "cell": [1, 4]})
    assert ties_broken(served, COLUMNS, moved((1, 1))).to_dict("records") == [
        {"officer": "P1", "cell": 1, "beat_before": 0, "beat_after": 1}
    ]


CELLS = pd.DataFrame({"name": ["n1", "n2", "n3"], "open_matters": [2, 0, 5]}, index=["c1", "c2", "c3"])
MOVES = {"c1": ("A", "B"), "c2": ("A", "C"), "c3": ("B", "C")}


def test_the_handover_list_has_every_moved_cell_once_and_its_sums_agree():
    listed = handover(MOVES, CELLS, {"A": "P1", "B": "P2"})
    assert listed[["cell", "gives", "takes", "giver", "open_matters"]].to_numpy(dtype=object).tolist() == [
        ["c1", "A", "B", "P1", 2], ["c2", "A", "C", "P1", 0], ["c3", "B", "C", "P2", 5],
    ]  # fmt: skip
    assert listed["taker"].isna().tolist() == [False, True, True]
    sums = per_beat(listed).set_index("beat")
    assert sums.loc["A", ["given", "taken", "given_open_matters"]].tolist() == [2, 0, 2]
    assert sums.loc["C", ["given", "taken", "taken_open_matters"]].tolist() == [0, 2, 5]
    assert sums["given_open_matters"].sum() == sums["taken_open_matters"].sum() == CELLS["open_matters"].sum()


def test_open_matters_go_along_the_most_urgent_first():
    due = pd.to_datetime(["2026-03-05", None, "2026-03-02"], utc=True)
    waiting = pd.DataFrame({"number": ["1", "2", "3"], "cell": ["c1", "c1", "c9"], "due_at": due})
    told = matters_by_hand(waiting, MOVES)
    assert told[["number", "gives", "takes"]].to_numpy().tolist() == [["1", "A", "B"], ["2", "A", "B"]]
