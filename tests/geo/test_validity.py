"""Why a polygon cannot be used: all of it, where, in words."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from shapely.geometry import LineString, MultiPolygon, Polygon

from geo.validity import findings, first_invalid
from tests.geo import shapes

SQUARE = [(0, 0), (4, 0), (4, 4), (0, 4)]
BOWTIE = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])


@given(cell=shapes.one_cell)
def test_a_valid_cell_has_no_findings(cell):
    assert findings(cell) == []


@pytest.mark.parametrize(
    ("polygon", "words"),
    [
        (None, "no geometry"),
        (Polygon(), "empty"),
        (LineString([(0, 0), (1, 1)]), "LineString, not a polygon"),
        (BOWTIE, "crosses or overlaps itself near lon 0.500000, lat 0.500000"),
        (Polygon(SQUARE, [[(5, 5), (6, 5), (6, 6)]]), "hole lies outside"),
        (
            Polygon(SQUARE, [[(1, 1), (3, 1), (2, 3)], [(1.8, 1.2), (2.2, 1.2), (2, 1.5)]]),
            "inside another hole",
        ),
        (Polygon(SQUARE, [[(0, 0), (2, 1), (4, 4), (1, 2)]]), "cut its inside"),
        (MultiPolygon([Polygon(SQUARE), shapely.box(1, 1, 2, 2)]), "inside another part"),
        (Polygon([(1, 1), (1, 1), (1, 1), (1, 1)]), "too few different points"),
        (shapely.box(500000, 3990000, 500100, 3990100), "name the coordinate system"),
        (shapely.box(36.0, 120.3, 36.1, 120.4), "look swapped"),
    ],
)
def test_each_fault_has_its_words(polygon, words):
    assert words in "; ".join(findings(polygon))


def test_a_missing_coordinate_is_a_finding():
    with np.errstate(invalid="ignore"):
        broken = Polygon([(0, 0), (np.nan, 1), (1, 0)])
    assert findings(broken) == ["a coordinate is missing or not a number"]


def test_every_faulty_part_is_found():
    apart = shapely.transform(BOWTIE, lambda xy: xy + 10)
    assert len(findings(MultiPolygon([BOWTIE, apart]))) == 2


def test_the_first_unusable_geometry_is_named_with_its_reasons():
    position, found = first_invalid([shapely.box(0, 0, 1, 1), BOWTIE, None])
    assert position == 1
    assert "crosses" in found[0]
    assert first_invalid([shapely.box(0, 0, 1, 1)]) is None
    assert first_invalid([]) is None
