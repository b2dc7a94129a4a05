"""Small counts: what must be hidden is hidden, what need not be stays, and subtraction gives nothing away."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from grids.suppression import suppress
from tests.oracle import scorecards as oracle

rows = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 20), st.sampled_from("AB")).map(
        lambda made: (made[0], made[0] + made[1], made[2])
    ),
    max_size=9,
)


def frame_of(made):
    return pd.DataFrame(made, columns=["numerator", "denominator", "station"])


@settings(max_examples=80)
@given(rows, st.integers(2, 8), st.booleans())
def test_hidden_rows_are_those_of_the_oracle_and_the_others_are_untouched(made, k, grouped):
    found = suppress(frame_of(made), k, total_of="station" if grouped else None)
    assert set(found.index[found["suppressed"]]) == oracle.hidden(made, k, grouped)
    shown = found[~found["suppressed"]]
    assert shown["numerator"].tolist() == [made[n][0] for n in shown.index]
    assert found.loc[found["suppressed"], ["numerator", "denominator"]].isna().all(axis=None)


@settings(max_examples=40)
@given(rows)
def test_no_group_with_two_counting_rows_is_left_with_one_that_subtraction_finds(made):
    found = suppress(frame_of(made), 5, total_of="station")
    for _, group in found.groupby("station"):
        counting = frame_of(made).loc[group.index, "numerator"] > 0
        assert not (group["suppressed"].sum() == 1 and counting[~group["suppressed"]].any())


def test_shares_and_reasons_go_with_their_counts():
    table = pd.DataFrame(
        {"numerator": [2, 60], "denominator": [9, 90], "share": [2 / 9, 2 / 3], "why_en": ["2/9", "60/90"], "z": [1, 2]}
    )
    found = suppress(table)
    assert found.loc[0, ["numerator", "denominator", "share", "why_en"]].isna().all()
    assert found.loc[1].tolist() == [60, 90, 2 / 3, "60/90", 2, False]
    assert table["numerator"].tolist() == [2, 60]


def test_nobody_is_no_person_and_stays_visible():
    assert not suppress(pd.DataFrame({"numerator": [0, 30], "denominator": [0, 30]}))["suppressed"].any()


@pytest.mark.parametrize("told", [{"k": 1}, {"counts": ("k", "n")}, {"total_of": "city"}])
def test_what_hides_nothing_is_refused(told):
    with pytest.raises(InputError):
        suppress(frame_of([(1, 2, "A")]), **told)


def test_the_documented_example_hides_the_seven_with_the_two():
    beats = pd.DataFrame({"numerator": [2, 7, 30], "denominator": [100, 100, 100], "station": "S1"})
    assert suppress(beats, total_of="station")["suppressed"].tolist() == [True, True, False]
    assert suppress(beats)["suppressed"].tolist() == [True, False, False]
