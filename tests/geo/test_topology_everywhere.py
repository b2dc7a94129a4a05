"""Maps in which every border is wrong: still one finding for each defect, and none for what is not there."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.topology import check_cells
from geo.topology.ground import ground_of
from geo.topology.plane import FlatPlane
from geo.vertices import as_shapes
from tests.geo.shapes import wavy_coverage
from tests.oracle import topology as oracle

METRE = 1 / 111_320
SIDE = 40


def lattice(side, inset_m):
    """side × side boxes of 40 m near the equator, row by row, each drawn `inset_m` inside its borders."""
    step, inset = SIDE * METRE, inset_m * METRE
    return [
        shapely.box(i * step + inset, j * step + inset, (i + 1) * step - inset, (j + 1) * step - inset)
        for j in range(side)
        for i in range(side)
    ]


def checked(shapes, communities=None, **columns):
    return check_cells(pd.DataFrame({"geometry": list(shapes), **columns}), communities)


def kinds(findings):
    return {finding.kind for finding in findings}


def joint(findings):
    return shapely.union_all([finding.geometry for finding in findings])


@pytest.mark.parametrize(("inset_m", "kind"), [(-0.05, "near"), (-0.4, "sliver"), (-3.0, "overlap")])
def test_all_overlaps_of_a_map_grown_everywhere_are_told_and_nothing_else(inset_m, kind):
    cells = lattice(7, inset_m)
    found = checked(cells)
    assert kinds(found) == {kind}
    pairs = shapely.STRtree(cells).query(cells, predicate="intersects").T
    shared = shapely.union_all([cells[one] & cells[other] for one, other in pairs if one < other])
    assert joint(found).symmetric_difference(shared).area < 0.01 * shared.area
    assert {row for finding in found for row in finding.rows} == set(range(49))


def test_all_strips_of_a_map_shrunk_everywhere_are_told_between_their_cells():
    found = checked(lattice(7, 0.5))
    assert kinds(found) == {"sliver"}
    told = joint(found).buffer(0.05 * METRE)
    step = SIDE * METRE
    for k in range(1, 7):
        for middle in (np.arange(7) + 0.5) * step:
            assert told.contains(shapely.Point(k * step, middle))
            assert told.contains(shapely.Point(middle, k * step))
    assert told.area < 1.2 * (2 * 6 * 7 * SIDE * METRE**2)


def test_roads_between_all_cells_of_a_community_are_one_gap_beside_all():
    whole = shapely.box(0, 0, 12 * SIDE * METRE, 12 * SIDE * METRE)
    (found,) = checked(lattice(12, 3.0), pd.DataFrame({"code": ["C"], "geometry": [whole]}))
    assert (found.kind, found.severity) == ("gap", "warning")
    assert set(found.rows) == set(range(144))
    assert found.area_m2 == pytest.approx(144 * (SIDE**2 - (SIDE - 6) ** 2), rel=0.02)


def test_cells_that_all_reach_over_the_lines_are_each_told_once():
    cells = lattice(6, -3.0)
    halves = [
        shapely.box(0, 0, 3 * SIDE * METRE, 6 * SIDE * METRE),
        shapely.box(3 * SIDE * METRE, 0, 1, 6 * SIDE * METRE),
    ]
    found = checked(cells, pd.DataFrame({"code": ["W", "E"], "geometry": halves}))
    across = [each.rows[0] for each in found if each.kind == "across"]
    # Inner cells have no ground over the line that no other claims; those at the outer edge have.
    edge = [k for k in range(36) if k // 6 in (0, 5) or k % 6 == 0]
    assert sorted(across) == edge


def test_rows_that_all_have_one_code_are_one_duplicate():
    (found,) = checked(lattice(9, 0.0), code="A")
    assert (found.kind, len(found.rows)) == ("duplicate", 81)


@settings(max_examples=40, deadline=None)
@given(cells=st.lists(st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=7), min_size=1))
def test_the_ground_is_what_any_cell_claims_and_what_they_enclose(cells):
    shapes = as_shapes(shapely.union_all([shapely.box(x, y, x + 1, y + 1) for x, y in cell]) for cell in cells)
    ground = ground_of(shapes, 0.002)
    assert set().union(*cells) == squares(ground.covered)
    assert oracle.enclosed_squares(cells) == squares(ground.enclosed)
    assert squares([ground.filled]) == squares(ground.covered) | squares(ground.enclosed)


def squares(shapes):
    """Unit squares (x, y) from 0 to 4 whose middle lies in one of the shapes."""
    whole = shapely.union_all(shapes)
    return {(x, y) for x in range(5) for y in range(5) if whole.contains(shapely.Point(x + 0.5, y + 0.5))}


def test_a_hole_too_small_for_degrees_goes_and_the_rest_is_measured():
    plane = FlatPlane(as_shapes(wavy_coverage(2, 1)))
    speck = [(500 + x * 1e-11, 500 + y * 1e-11) for x, y in ((0, 0), (1, 0), (0, 1))]
    (back,) = plane.degrees(as_shapes([shapely.Polygon(shapely.box(0, 0, 1000, 1000).exterior, [speck])]))
    area, _ = plane.size(as_shapes([back]))
    assert area[0] == pytest.approx(1e6, rel=0.01)
