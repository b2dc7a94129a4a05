"""Labels that never cover each other, a scale that is true on paper, and what the saved map says."""

from itertools import combinations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from dashboard.exports.paper import BAR_MM, DEGREE_M, MARGIN, SCALES, bar_length, laid_out
from dashboard.exports.papermap import paper_map
from dashboard.figures.celllabels import _box, labels

FRAME = (190.0, 176.0)
sides = st.integers(1, 7)
names = st.text(alphabet="东海社区网格ABC 0123", min_size=1, max_size=14)


def streets(columns, rows, wide, high):
    """A frame filled with columns × rows cells in millimetres."""
    x, y = np.linspace(5, 5 + wide, columns + 1), np.linspace(5, 5 + high, rows + 1)
    return [box(x[i], y[j], x[i + 1], y[j + 1]) for i in range(columns) for j in range(rows)]


@given(sides, sides, st.floats(8, 180), st.floats(8, 165), st.data())
def test_no_label_covers_another_and_none_leaves_the_frame(columns, rows, wide, high, data):
    cells = streets(columns, rows, wide, high)
    wanted = [[(data.draw(names), "在办 3"), ("01",)] for _ in cells]
    found = labels(cells, wanted, FRAME)
    boxes = [_box(label) for label in found]
    assert len(found) == len(cells)
    assert not any(a.intersects(b) and a.intersection(b).area > 1e-6 for a, b in combinations(boxes, 2))
    assert all(shapely.box(0, 0, *FRAME).contains(each) for each in boxes)


def test_a_name_that_does_not_fit_becomes_a_number_and_the_number_is_explained():
    wide, narrow = box(5, 5, 100, 60), box(100, 5, 103, 60)
    found = labels([wide, narrow], [[("东海社区第一网格",)], [("东海社区第二网格",)]], FRAME)
    assert [(label.text, label.keyed) for label in found] == [(("东海社区第一网格",), False), (("2",), True)]
    cells = [box(120.0, 36.0, 120.01, 36.01), box(120.01, 36.0, 120.0101, 36.01)]
    drawn = paper_map(cells, [[("宽网格",)], [("窄得很的网格",)]], [], *FRAME)
    assert drawn.key == [("2", "窄得很的网格")]


@given(st.floats(0.0005, 1.5), st.floats(0.0005, 1.5), st.floats(18, 53))
def test_every_beat_fits_its_frame_at_a_round_scale(wide, high, lat):
    cell = box(120, lat, 120 + wide, lat + high)
    paper = laid_out([cell], *FRAME)
    assert paper.scale in SCALES
    west, north, east, south = shapely.transform(cell, paper.place).bounds
    if paper.scale < SCALES[-1]:
        assert MARGIN * FRAME[0] - 1e-6 <= west
        assert east <= FRAME[0] * (1 - MARGIN) + 1e-6
        assert MARGIN * FRAME[1] - 1e-6 <= north
        assert south <= FRAME[1] * (1 - MARGIN) + 1e-6
    # A hundred metres north are as long on paper as the scale says.
    up = paper.place(np.array([[120.0, lat], [120.0, lat + 100 / DEGREE_M]]))
    assert up[0, 1] - up[1, 1] == pytest.approx(100_000 / paper.scale)


@pytest.mark.parametrize("scale", SCALES)
def test_the_scale_bar_is_round_and_of_a_good_length(scale):
    metres = bar_length(scale)
    assert str(metres).rstrip("0") in ("1", "2", "5")
    assert BAR_MM[0] <= metres * 1000 / scale <= BAR_MM[1]
