"""Around the demo city the map goes on: no panel shows where the drawing ends, and the city itself stays as it was."""

import numpy as np
import pytest
import shapely

from loaders.demo.atlas import make_atlas
from loaders.demo.ground import FRAME
from loaders.demo.surroundings import FAR, Surroundings, make_surroundings


@pytest.fixture(scope="module")
def around() -> Surroundings:
    atlas = make_atlas()
    return make_surroundings(atlas.coast, atlas.arteries, np.random.default_rng(1))


def test_land_and_sea_fill_the_frame_without_overlap(around):
    assert around.land.is_valid
    assert around.sea.is_valid
    whole = shapely.box(-FAR, -FAR, FAR, FAR)
    assert shapely.area(around.land) + shapely.area(around.sea) == pytest.approx(whole.area)
    assert around.land.intersection(around.sea).area < 1


def test_it_reaches_far_beyond_the_city_on_every_side(around):
    district = make_atlas().coast.district
    west, south, east, north = district.bounds
    length = max(east - west, north - south)
    assert min(FAR + west, FAR + south, FAR - east, FAR - north) > length
    assert shapely.union_all([around.land, around.sea]).bounds == pytest.approx((-FAR, -FAR, FAR, FAR))


def test_inside_the_city_s_own_frame_nothing_is_redrawn(around):
    coast = make_atlas().coast
    own = around.land.intersection(FRAME).symmetric_difference(coast.land.intersection(FRAME))
    islands = [shape for name, shape in around.woods.items() if name in ("澜心岛", "鸥屿")]
    assert own.difference(shapely.union_all(islands).buffer(120)).area < 1


def test_main_roads_run_on_without_a_gap(around):
    ends = make_atlas().arteries.roads
    for name, rank, line in around.roads:
        if name in ends and rank == 1:
            assert line.distance(ends[name].intersection(FRAME)) < 1
            assert line.length > 5_000
