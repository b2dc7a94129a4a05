"""The demo city's map: exact counts, exact coverage, codes by the rule, beats in one piece."""

import numpy as np
import pytest
import shapely

from loaders.demo.atlas import Atlas, make_atlas, reading_order
from loaders.demo.backdrop import make_backdrop, make_roads
from loaders.demo.ground import in_metres
from loaders.demo.grouping import apportioned, common_borders, grow


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    return make_atlas()


def test_the_city_has_the_promised_numbers_of_places(atlas):
    assert (len(atlas.stations), len(atlas.streets), len(atlas.communities)) == (4, 6, 24)
    assert (len(atlas.beats), len(atlas.cells)) == (72, 260)


def test_the_first_station_is_the_model_of_a_real_one(atlas):
    mine = atlas.cells[atlas.cells["station_no"] == 0]
    assert mine["community_no"].nunique() == 6
    assert mine["beat_no"].nunique() == 18 == (atlas.beats["station_no"] == 0).sum()
    assert len(mine) == 65
    assert mine["residents"].sum() == 71_600


def test_cells_cover_the_district_without_gap_or_overlap(atlas):
    shapes = atlas.cells.geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    whole = shapely.union_all(shapes)
    assert isinstance(whole, shapely.Polygon)
    assert not whole.interiors
    assert abs(shapely.area(shapes).sum() - whole.area) < 1e-9
    assert 40 < in_metres(whole).area / 1e6 < 55


def test_no_two_cells_share_ground(atlas):
    shapes = atlas.cells.geometry.to_numpy()
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    both = left < right
    assert shapely.area(shapely.intersection(shapes[left[both]], shapes[right[both]])).max() < 1e-9


def test_vertices_lie_on_the_lattice_of_six_decimals(atlas):
    xy = shapely.get_coordinates(atlas.cells.geometry.to_numpy())
    assert np.array_equal(xy, np.round(xy, 6))


@pytest.mark.parametrize("unit", ["beat_no", "community_no", "street_no", "station_no"])
def test_beats_communities_streets_and_stations_are_in_one_piece(atlas, unit):
    for _, cells in atlas.cells.groupby(unit):
        union = shapely.union_all(cells.geometry.to_numpy())
        assert isinstance(union, shapely.Polygon)
        assert not union.interiors


def test_every_beat_lies_in_one_community_and_every_community_in_one_street(atlas):
    assert (atlas.cells.groupby("beat_no")["community_no"].nunique() == 1).all()
    assert np.array_equal(atlas.beats["community_no"].to_numpy()[atlas.cells["beat_no"]], atlas.cells["community_no"])
    assert (atlas.cells.groupby("street_no")["station_no"].nunique() == 1).all()


def test_cell_codes_are_fifteen_digits_that_begin_with_their_community(atlas):
    codes, communities = atlas.cells["code"], atlas.communities["code"].to_numpy()[atlas.cells["community_no"]]
    assert codes.is_unique
    assert codes.is_monotonic_increasing
    assert codes.str.fullmatch(r"\d{15}").all()
    assert (codes.str[:12] == communities).all()


def test_areas_are_the_unions_of_their_cells(atlas):
    communities = atlas.areas[atlas.areas["level"] == "community"]
    for number, shape in enumerate(communities.geometry):
        cells = atlas.cells.geometry[atlas.cells["community_no"] == number]
        assert shapely.union_all(cells.to_numpy()).symmetric_difference(shape).area < 1e-12


def test_parents_of_areas_exist(atlas):
    assert set(atlas.areas["parent"].dropna()) <= set(atlas.areas["code"])
    assert atlas.areas["parent"].isna().sum() == 1


def test_blocks_are_not_a_chessboard(atlas):
    area = shapely.area(atlas.blocks.metres)
    assert np.quantile(area, 0.9) > 4 * np.quantile(area, 0.1)
    corners = shapely.get_num_coordinates(atlas.cells.geometry.to_numpy())
    assert np.median(corners) > 8


def test_roads_lie_on_the_borders_of_blocks(atlas):
    edges = shapely.union_all(shapely.boundary(atlas.blocks.metres)).buffer(0.5)
    small = make_roads(atlas).query("rank > 1").geometry
    outside = sum(line.difference(edges).length for line in small)
    assert outside < 0.02 * small.length.sum()


def test_the_backdrop_has_sea_water_parks_and_roads_of_three_ranks(atlas):
    backdrop = make_backdrop(atlas, make_roads(atlas))
    assert set(backdrop["kind"]) == {"sea", "water", "road", "park"}
    assert set(backdrop.loc[backdrop["kind"] == "road", "rank"]) == {1, 2, 3}
    assert backdrop.geometry.is_valid.all()
    sea = shapely.union_all(backdrop.geometry[backdrop["kind"] == "sea"].to_numpy())
    assert sea.intersection(shapely.union_all(atlas.cells.geometry.to_numpy())).area < 1e-7


def test_reading_order_goes_west_to_east_in_rows_from_the_north():
    grid = np.array([(x, y) for y in (2.0, 1.0, 0.0) for x in (0.0, 1.0, 2.0)])
    assert reading_order(grid).tolist() == list(range(9))


def test_apportioned_parts_sum_to_the_whole():
    parts = apportioned(65, np.array([3.0, 1.0, 0.2]), least=7)
    assert parts.sum() == 65
    assert parts.min() >= 7
    assert parts[0] > parts[1] > parts[2]


def test_grow_leaves_lonely_faces_alone_and_groups_connected():
    faces = np.array([shapely.box(x, y, x + 10, y + 10) for x in range(0, 40, 10) for y in range(0, 40, 10)])
    alone = np.zeros(16, dtype=bool)
    alone[5] = True
    groups = grow(faces, np.ones(16), common_borders(faces), 4, alone)
    assert np.unique(groups).tolist() == [0, 1, 2, 3]
    assert (groups == groups[5]).sum() == 1
    assert all(isinstance(shapely.union_all(faces[groups == g]), shapely.Polygon) for g in range(4))
