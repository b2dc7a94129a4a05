"""Parts laid over one another read as one table, in the order that a single part would have."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from db.readmodel.merging import _ordered

ROWS = st.lists(st.tuples(st.integers(0, 6), st.booleans()), max_size=30)


@given(ROWS, ROWS)
def test_rows_of_deltas_stand_where_their_instant_and_matter_put_them(first, later):
    """Rows are (instant, lives); the tie is their number, shuffled so that a delta's may come before."""
    first = sorted(first, key=lambda row: row[0])
    instants = np.array([row[0] for row in (*first, *later)], np.int32)
    lives = np.array([row[1] for row in (*first, *later)], np.bool_)
    tie = np.arange(len(instants)) * 7 % max(1, len(instants))
    tie[: len(first)] = np.sort(tie[: len(first)])
    order = _ordered(lives, len(first), instants, tie)
    expected = sorted(np.flatnonzero(lives).tolist(), key=lambda n: (instants[n], tie[n]))
    told = [(instants[n], tie[n]) for n in order]
    assert told == [(instants[n], tie[n]) for n in expected]
    assert sorted(order.tolist()) == sorted(expected)
