"""Drafts cover their area exactly, overlap nowhere, and stay inside their communities."""

import numpy as np
import pytest
import shapely
import shapely.affinity
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from geo.lattice import balanced, hexagons, squares
from geo.metric import MetricPlane
from geo.vertices import as_shapes
from tests.geo.shapes import district, wavy_coverage

# What rounding to the grid of the network may move along an outline of a few kilometres.
TINY_DEG2 = 1e-10
BLOCK = shapely.box(120.3, 36.0, 120.33, 36.03)


@st.composite
def areas(draw):
    corners = draw(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=3, max_size=8, unique=True))
    hull = shapely.MultiPoint([(120.3 + x / 1000, 36 + y / 1000) for x, y in corners]).convex_hull
    area = hull if hull.geom_type == "Polygon" else BLOCK
    if draw(st.booleans()):
        area = area.difference(area.centroid.buffer(0.002))
    return area if area.geom_type == "Polygon" and area.area > 1e-7 else BLOCK


def assert_sound(draft, area, communities=()):
    assert shapely.is_valid(draft.cells).all()
    assert (shapely.get_type_id(draft.cells) == 3).all()
    assert shapely.coverage_is_valid(draft.cells)
    assert shapely.symmetric_difference(shapely.union_all(draft.cells), area).area < TINY_DEG2
    assert shapely.area(draft.cells).sum() == pytest.approx(area.area, abs=TINY_DEG2)
    for cell, home in zip(draft.cells, draft.community, strict=True):
        if home >= 0:
            assert cell.difference(communities[home]).area < TINY_DEG2


def metres(shapes):
    return MetricPlane(as_shapes(shapes)).lay(as_shapes(shapes))


@settings(max_examples=25, deadline=None)
@given(area=areas(), side_m=st.sampled_from([300.0, 431.7, 5000.0]), cut=st.sampled_from([squares, hexagons]))
def test_tiles_cover_the_area_exactly_without_overlap(area, side_m, cut):
    assert_sound(cut(area, side_m), area)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(1, 50), cut=st.sampled_from([squares, hexagons]), side_m=st.sampled_from([250.0, 600.0]))
def test_each_tile_lies_in_one_community(seed, cut, side_m):
    communities = wavy_coverage(3, seed)
    area = shapely.union_all(communities)
    draft = cut(area, side_m, communities)
    assert_sound(draft, area, communities)
    assert set(draft.community) == set(range(9))


def test_whole_tiles_have_their_size_in_metres():
    assert np.median(shapely.area(metres(squares(BLOCK, 200).cells))) == pytest.approx(40_000, rel=1e-3)
    tile = 1.5 * np.sqrt(3) * 150**2
    assert np.median(shapely.area(metres(hexagons(BLOCK, 150).cells))) == pytest.approx(tile, rel=1e-3)


@pytest.mark.parametrize("cut", [squares, hexagons])
def test_slivers_join_a_neighbour(cut):
    tile = 200**2 if cut is squares else 1.5 * np.sqrt(3) * 200**2
    smallest = shapely.area(metres(cut(BLOCK, 200).cells)).min()
    assert smallest > 0.24 * tile
    assert shapely.area(metres(cut(BLOCK, 200, least_share=0.0).cells)).min() < 0.24 * tile


def test_two_drafts_of_neighbouring_areas_use_the_same_lines():
    west, east = district(1, 2)
    joint = squares(west.union(east), 200, least_share=0.0)
    assert len(joint.cells) < len(squares(west, 200, least_share=0.0).cells) * 2.2


def test_ground_outside_every_community_is_cut_too():
    draft = squares(BLOCK, 500, [shapely.box(120.3, 36.0, 120.31, 36.03)])
    assert set(draft.community) == {-1, 0}
    assert_sound(draft, BLOCK, [shapely.box(120.3, 36.0, 120.31, 36.03)])


ROADS = [shapely.LineString([(120.29, 36 + k / 500), (120.34, 36.0004 + k / 500)]) for k in range(15)]
ROADS += [shapely.LineString([(120.3 + k / 400, 35.99), (120.3003 + k / 400, 36.04)]) for k in range(12)]


def homes(seed, count=3000):
    dice = np.random.default_rng(seed)
    return dice.uniform(120.3, 120.33, count), dice.uniform(36.0, 36.03, count), dice.integers(1, 8, count)


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(1, 100), target=st.sampled_from([500, 800, 1500]))
def test_balanced_cells_are_near_their_target_and_never_cross_a_line(seed, target):
    communities = [shapely.box(120.3, 36.0, 120.318, 36.03), shapely.box(120.318, 36.0, 120.33, 36.03)]
    lon, lat, count = homes(seed)
    draft = balanced(BLOCK, ROADS, target, communities, homes=(lon, lat, count))
    assert_sound(draft, BLOCK, communities)
    assert draft.households.sum() == count.sum()
    # Seven blocks and more to a cell: finer than that, blocks are the limit.
    assert 0.6 * target < draft.households.min()
    assert draft.households.max() < 1.4 * target
    assert draft.households.std() / draft.households.mean() < 0.15


def test_borders_of_balanced_cells_run_along_the_lines_where_blocks_are_light():
    draft = balanced(BLOCK, ROADS, 2000, homes=homes(3))
    network = shapely.union_all([*ROADS, BLOCK.boundary]).buffer(1e-8)
    assert shapely.length(shapely.boundary(draft.cells)).sum() == pytest.approx(
        sum(border.intersection(network).length for border in shapely.boundary(draft.cells)), rel=1e-6
    )


def test_what_two_drawings_of_one_line_leave_between_them_is_no_cell():
    twice = [*ROADS, *(shapely.affinity.translate(road, 1e-6, 2e-6) for road in ROADS)]
    communities = [shapely.box(120.3, 36.0, 120.31500002, 36.03), shapely.box(120.31500002, 36.0, 120.33, 36.03)]
    along = shapely.LineString([(120.315, 35.9), (120.315, 36.1)])
    draft = balanced(BLOCK, [*twice, along], 60_000, communities)
    assert_sound(draft, BLOCK, communities)
    flat = metres(draft.cells)
    assert (2 * shapely.area(flat) / shapely.length(flat)).min() > 5


def test_a_heavy_block_is_halved_until_it_fits():
    draft = balanced(BLOCK, [], 500, homes=homes(4))
    assert_sound(draft, BLOCK)
    assert draft.households.max() < 1000


def test_without_homes_ground_is_balanced():
    draft = balanced(BLOCK, ROADS, 1_000_000)
    assert_sound(draft, BLOCK)
    assert np.isnan(draft.households).all()
    size = shapely.area(metres(draft.cells))
    assert size.std() / size.mean() < 0.3


def test_the_same_input_gives_the_same_cells_whatever_the_order_of_the_lines():
    one = balanced(BLOCK, ROADS, 600, homes=homes(5))
    other = balanced(BLOCK, ROADS[::-1], 600, homes=homes(5))
    assert [cell.normalize().wkb for cell in one.cells] == [cell.normalize().wkb for cell in other.cells]


def test_islands_of_an_area_are_cut_by_themselves():
    area = shapely.MultiPolygon([shapely.box(120.3, 36, 120.31, 36.01), shapely.box(120.32, 36, 120.33, 36.01)])
    assert_sound(balanced(area, [], 500_000), area)
    assert_sound(squares(area, 300), area)


@pytest.mark.parametrize(
    ("cut", "words"),
    [
        (lambda: squares(BLOCK, 0), "side"), (lambda: hexagons(BLOCK, float("nan")), "side"),
        (lambda: squares(BLOCK, 1), "longer"), (lambda: squares(shapely.Point(1, 1), 100), "area"),
        (lambda: squares(BLOCK, 100, least_share=2), "share"), (lambda: balanced(BLOCK, [], -1), "target"),
        (lambda: balanced(BLOCK, [], 5, homes=([1], [1, 2], [3])), "equal numbers"),
        (lambda: balanced(BLOCK, [], 5, homes=([120.31], [36.01], [-3])), "negative"),
        (lambda: squares(BLOCK, 100, [shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])]), "community"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_what_to_do(cut, words):
    with pytest.raises(InputError, match=words):
        cut()
