"""Tints of beats: no two that touch are alike, whatever the map."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dashboard.planning.tinting import tints, touching
from grids.districting.graph import make_graph

WIDE, HIGH = 7, 6


@given(st.lists(st.integers(0, 11), min_size=WIDE * HIGH, max_size=WIDE * HIGH), st.integers(8, 9))
def test_beats_that_touch_wear_different_tints(held, most):
    cells = np.array(held, np.int32)
    near = {cell: {} for cell in range(WIDE * HIGH)}
    for cell in near:
        for other in ([cell + 1] if (cell + 1) % WIDE else []) + ([cell + WIDE] if cell + WIDE < WIDE * HIGH else []):
            near[cell][other] = near[other][cell] = 1.0
    found = touching(make_graph(near), [cells], 12)
    slow = {
        (held[one], held[other]) for one, row in near.items() for other in row if held[one] != held[other]
    }  # every pair of neighbouring cells, one by one
    assert slow == {(one, other) for one, others in enumerate(found) for other in others}
    worn = tints(found, most)
    if max(map(len, found)) < most:  # there is always a free one then
        assert all(worn[one] != worn[other] for one, other in slow)
    assert set(worn) <= set(range(most))
