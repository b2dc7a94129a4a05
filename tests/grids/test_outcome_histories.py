"""What steps say of a matter: on the spot, mediated; and how far matters travelled."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from grids.levels import LEVELS
from grids.outcomes.histories import settlement_flags
from grids.outcomes.travelled import flow_counts, flow_shares
from grids.step_columns import NEVER
from tests.grids.test_casework import hour
from tests.oracle import outcomes as oracle

few = settings(max_examples=60)
kinds = st.lists(st.sampled_from(["settle", "close", "mediate", "transfer", "handle", "divert"]), max_size=9)
many = st.dictionaries(st.integers(1, 9), kinds, max_size=5)


def steps_of(histories, random=None):
    """A frame of the kinds of several matters, an hour apart; the rows mixed when there is a `random`."""
    rows = [(matter, hour(n // 2), n, kind) for matter, made in histories.items() for n, kind in enumerate(made)]
    mixed = random.sample(rows, len(rows)) if random else rows
    return pd.DataFrame(mixed, columns=["matter", "at", "no", "kind"]).astype({"at": "datetime64[us, UTC]"})


@few
@given(many, st.randoms())
def test_settlements_equal_the_oracle_whatever_the_order_of_rows(histories, random):
    flags = settlement_flags(steps_of(histories, random))
    wanted = {matter: oracle.settlement(made) for matter, made in histories.items() if made}
    assert flags.drop(columns="settled_at").to_dict("index") == wanted


def test_settled_by_whoever_answered_is_on_the_spot_and_after_a_transfer_it_is_not():
    flags = settlement_flags(
        steps_of(
            {1: ["respond", "close"], 2: ["respond", "transfer", "settle"], 3: ["respond"], 4: ["close", "divert"]}
        )
    )
    assert flags["settled_on_spot"].tolist() == [True, False, False, True]
    assert flags["settled"].tolist() == [True, True, False, True]
    assert flags["settled_at"].dropna().tolist() == [hour(0), hour(1), hour(0)]


def test_an_unknown_kind_of_step_is_refused():
    with pytest.raises(InputError, match="unknown kind 'dance'"):
        settlement_flags(steps_of({1: ["dance"]}))


def test_times_without_a_zone_are_refused():
    with pytest.raises(InputError, match="have no time zone"):
        settlement_flags(steps_of({1: ["close"]}).assign(at=pd.Timestamp("2026-03-01")))


instants = st.integers(0, 7)
travels = st.lists(
    st.fixed_dictionaries(
        {"reached": st.dictionaries(st.sampled_from(LEVELS), instants, max_size=4), "closed_at": st.none() | instants}
    ),
    max_size=8,
)


@few
@given(travels, instants)
def test_flow_equals_the_oracle_and_the_shares_of_a_source_sum_to_one(matters, at):
    table = [[since if since <= at else NEVER for since in levels_of(each)] for each in matters]
    closed = np.array([each["closed_at"] is not None and each["closed_at"] <= at for each in matters], np.bool_)
    reached = np.array(table, np.int64).reshape(-1, len(LEVELS))
    found = flow_shares(flow_counts(reached, closed, np.zeros(len(matters), np.int64), 1)[0])
    pairs = zip(zip(found["source"], found["target"], strict=True), found["numerator"], strict=True)
    assert dict(pairs) == oracle.flow(matters, at)
    assert found.groupby("source")["share"].sum().tolist() == pytest.approx([1.0] * found["source"].nunique())


def levels_of(matter):
    return [matter["reached"].get(level, NEVER) for level in LEVELS]
