"""The phone page's parts: short names that tell cells apart, and a map of plain paths."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Point, box

from dashboard.pages.beat.svgmap import beat_svg, frame, plane
from dashboard.pages.beat.words import short_names


@pytest.mark.parametrize(
    ("names", "short"),
    [
        (["观潮社区01网格", "观潮社区05网格"], ["01网格", "05网格"]),
        (["社区1网格", "社区12网格"], ["1网格", "12网格"]),
        (["甲", "很长很长很长很长很长很长的名字"], ["1", "2"]),
        (["同名", "同名"], ["1", "2"]),
        (["网格", "网格二"], ["1", "2"]),
        (["一格"], ["一格"]),
        ([], []),
    ],
)
def test_short_names_tell_cells_apart(names: list[str], short: list[str]) -> None:
    assert short_names(names) == short


@given(st.lists(st.text(max_size=20), min_size=2, max_size=8))
def test_no_two_cells_get_one_short_name(names: list[str]) -> None:
    assert len(set(short_names(names))) == len(names)


def test_the_map_draws_every_cell_and_only_what_lies_around_it() -> None:
    west, east = box(120.0, 36.0, 120.01, 36.01), box(120.01, 36.0, 120.02, 36.01)
    cells = [("一号<网格>", west, [("一号<网格>", "在办 3")]), ("二号", east, [("二号",)])]
    ring = Point(120.005, 36.005).buffer(0.002).difference(Point(120.005, 36.005).buffer(0.001))
    backdrop = [
        ("sea", 1, box(119, 35, 119.5, 35.5)),
        ("road", 1, LineString([(119, 36.005), (121, 36.005)])),
        ("park", 2, MultiPolygon([ring])),
    ]
    svg = beat_svg(cells, backdrop, "图")
    assert svg.count('class="cell') == 2
    assert 'class="sea"' not in svg
    assert svg.count('class="road"') == 1
    assert svg.count("Z") >= 4  # two cells, and a park with its hole
    assert "一号&lt;网格&gt;" in svg
    numbers = [int(number) for number in re.findall(r"[ML](-?\d+) ", svg)]
    assert -1 <= min(numbers) <= max(numbers) <= 721


def test_north_is_up_and_a_metre_is_as_long_both_ways() -> None:
    bounds = frame([box(120.0, 36.0, 120.01, 36.01)])
    place, height = plane(bounds)

    south_west, north_east = place(np.array([[120.0, 36.0], [120.01, 36.01]]))
    assert north_east[1] < south_west[1]
    wide, tall = north_east[0] - south_west[0], south_west[1] - north_east[1]
    assert wide / tall == pytest.approx(np.cos(np.radians(36.005)), rel=1e-3)
    assert 0 < height <= 721
