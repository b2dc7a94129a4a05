"""Summaries of many matters equal the replay of each, whatever the order and the types of the rows."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from pandas.testing import assert_frame_equal

from geo.errors import InputError
from grids.casework import replay, summarise
from grids.levels import LEVELS
from tests.oracle import casework as oracle
from tests.strategies import DAY0, caseloads, shuffled_frames, step_frame, step_rows

COLUMNS = [
    *(f"reached_{level}" for level in LEVELS),
    "lead_level", "severity_initial", "severity_now", "severity", "severity_at", "closed_at", "last_at",
    "steps",
]  # fmt: skip
TRAVEL = [
    "lead_unit", "offered_level", "offered_unit", "grade_asked", "settled_at", "revisit_due_at", "supervised_at",
    "satisfaction",
]  # fmt: skip


def plain(value):
    """A cell of a frame as a plain value, None for every kind of null."""
    return None if pd.isna(value) else value


def told_by(summary, matter):
    row = {name: plain(summary.matters.at[matter, name]) for name in COLUMNS}
    own = summary.closures[summary.closures["matter"] == matter]
    pairs = zip(own["closed_at"], own["reopened_at"], strict=True)
    return row | {"closures": [[closed, plain(reopened)] for closed, reopened in pairs]}


def told_by_replay(history, initial):
    state = replay(history, initial)
    row = {f"reached_{level}": state.reached.get(level) for level in LEVELS}
    row |= {name: getattr(state, name) for name in COLUMNS if name not in row}
    return row | {"closures": [[each.closed_at, each.reopened_at] for each in state.closures]}


@settings(max_examples=150)
@given(shuffled_frames)
def test_summary_equals_the_replay_and_the_oracle(made):
    caseload, frame = made
    summary = summarise(frame)
    assert list(summary.matters.index) == sorted(caseload)
    for matter, (history, initial) in caseload.items():
        told = told_by(summary, matter)
        assert told == told_by_replay(history, initial)
        assert told == oracle.replay_rows(step_rows(history), initial)
        travelled = {name: plain(summary.matters.at[matter, name]) for name in TRAVEL}
        state, by_oracle = replay(history, initial), oracle.travel_rows(step_rows(history))
        assert travelled == {name: getattr(state, name) for name in TRAVEL}
        assert travelled == {name: by_oracle[name] for name in TRAVEL}
        parts = summary.parts[summary.parts["matter"] == matter]
        plain_parts = {each for each in by_oracle["parts"] if each[1] in ("lead", "kept", "offered")}
        assert sorted(zip(parts["unit"], parts["part"], strict=True)) == sorted(plain_parts)


@given(shuffled_frames)
def test_order_of_rows_does_not_matter(made):
    caseload, mixed = made
    ordered = summarise(step_frame(caseload))
    assert_frame_equal(summarise(mixed).matters, ordered.matters)
    assert_frame_equal(summarise(mixed).closures, ordered.closures)


@given(caseloads)
def test_columns_and_types_are_always_the_same(caseload):
    summary = summarise(step_frame(caseload))
    assert list(summary.matters.columns) == [*COLUMNS, *TRAVEL]
    times = [name for name in (*COLUMNS, *TRAVEL) if name.startswith("reached_") or name.endswith("_at")]
    assert {str(summary.matters[name].dtype) for name in times} == {"datetime64[us, UTC]"}
    assert {str(dtype) for dtype in summary.closures[["closed_at", "reopened_at"]].dtypes} == {"datetime64[us, UTC]"}
    counts = ["severity_initial", "severity_now", "severity", "steps"]
    assert {str(summary.matters[name].dtype) for name in counts} == {"int64"}


def a_frame():
    """Two matters by text key: one closed in its beat, one without steps."""
    rows = [
        ("110:7", DAY0, 1, "take_lead", "beat", None, 1),
        ("110:7", DAY0 + pd.Timedelta(hours=1), 2, "grade", None, 2, 1),
        ("110:7", DAY0 + pd.Timedelta(hours=2), 3, "close", None, None, 1),
        ("110:8", None, None, None, None, None, 3),
    ]
    columns = ["matter", "at", "no", "kind", "level", "severity", "initial"]
    return pd.DataFrame(rows, columns=columns).astype({"at": "datetime64[us, UTC]"})


@pytest.mark.parametrize(
    "types",
    [
        {"at": object},
        {"at": "datetime64[ns, UTC]"},
        {"at": "datetime64[us, Asia/Shanghai]"},
        {"kind": "category", "level": "category"},
        {"kind": object, "level": object, "severity": object},
        {"severity": "Int64", "no": "Int64", "initial": "Int64"},
        {"severity": "float64", "no": "float64", "initial": np.int8},
    ],
)
def test_types_of_the_columns_do_not_matter(types):
    assert_frame_equal(summarise(a_frame().astype(types)).matters, summarise(a_frame()).matters)


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_steps_that_tie_in_time_and_number_count_in_the_order_of_kinds(order):
    frame = a_frame().iloc[[1, 1]].assign(kind=["close", "reopen"], severity=None)
    assert summarise(frame.iloc[order]).closures["reopened_at"].notna().tolist() == [True]


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_steps_that_tie_in_kind_too_count_by_level_then_grade(order):
    led = a_frame().iloc[[0, 0]].assign(level=["beat", "street"])
    graded = a_frame().iloc[[1, 1]].assign(severity=[2, 3])
    assert summarise(led.iloc[order]).matters["lead_level"].tolist() == ["street"]
    assert summarise(graded.iloc[order]).matters["severity_now"].tolist() == [3]


def test_frame_is_left_as_it_was():
    frame = a_frame()
    summarise(frame)
    assert_frame_equal(frame, a_frame())


def test_no_matters_give_an_empty_summary():
    summary = summarise(a_frame().iloc[:0])
    assert (len(summary.matters), len(summary.closures)) == (0, 0)


def test_frame_without_types_or_rows_gives_an_empty_summary():
    assert summarise(pd.DataFrame(columns=list(a_frame().columns))).matters.empty


@pytest.mark.parametrize(
    ("row", "column", "value", "says"),
    [
        (0, "matter", None, "the matter that it belongs to"),
        (0, "at", None, "Matter 110:7 has a step without a time"),
        (0, "no", None, "Matter 110:7 has a step without a number"),
        (0, "kind", "vanish", "Matter 110:7 has a step of unknown kind"),
        (0, "level", "province", "Matter 110:7 has a step of unknown level"),
        (0, "level", None, "Matter 110:7 has its lead taken at no level"),
        (1, "severity", None, "Matter 110:7 has a grade step that does not say the grade"),
        (1, "severity", 4, "Matter 110:7 has a grade that is not 1, 2 or 3"),
        (3, "initial", None, "Matter 110:8 has no default grade"),
    ],
)
def test_step_that_cannot_be_read_is_refused_by_name(row, column, value, says):
    frame = a_frame().astype({"initial": "float64"})
    frame.loc[row, column] = value
    with pytest.raises(InputError, match=says):
        summarise(frame)


@pytest.mark.parametrize("kind", ["datetime64[us]", object])
def test_times_without_a_zone_are_refused(kind):
    frame = a_frame()
    frame["at"] = frame["at"].dt.tz_localize(None).astype(kind)
    with pytest.raises(InputError, match="time zone"):
        summarise(frame)


def test_missing_columns_are_all_named():
    with pytest.raises(InputError, match="no, severity"):
        summarise(a_frame().drop(columns=["no", "severity"]))
