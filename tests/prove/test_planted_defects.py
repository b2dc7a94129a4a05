"""At size: 200 defects of every kind planted in the demo city and in Chicago's map; all found, none named wrongly."""

import sys
from collections import Counter

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo.codes import number_cells
from geo.topology import KINDS, check_cells
from loaders.demo.atlas import make_atlas
from tests.planting import SORTS, Garden, communities_of, judged, plant

pytestmark = pytest.mark.prove

DEFECTS = 200


def demo_city():
    atlas = make_atlas()
    beats = atlas.beats["code"].to_numpy()[atlas.cells["beat_no"]]
    shapes = atlas.cells.geometry.to_numpy()
    cells = pd.DataFrame({"code": atlas.cells["code"], "beat": beats, "geometry": shapes})
    communities = atlas.areas[atlas.areas["level"] == "community"]
    return cells, pd.DataFrame(communities[["code", "geometry"]])


def chicago(realdata):
    """Beats as cells, districts as communities, with unit-grid codes given by the rule."""
    beats = gpd.read_file(f"zip://{realdata / 'chicago' / 'police_beats.zip'}")
    cells = pd.DataFrame({"beat": beats["BEAT_NUM"], "geometry": beats.geometry.to_numpy()})
    cells["community"] = [f"170310001{int(number):03d}" for number in beats["DISTRICT"]]
    cells["code"] = number_cells(cells)
    return cells.drop(columns="community"), communities_of(cells)


def all_found(cells, communities, seed):
    """Plant as many as have room in a copy, check it, and begin anew with the next, until all are planted."""
    planted, maps = [], 0
    while len(planted) < DEFECTS:
        garden = Garden(cells, communities, np.random.default_rng([seed, maps]))
        sorts = [SORTS[at] for at in garden.dice.permutation(len(SORTS))]
        plant(garden, sorts, DEFECTS - len(planted))
        missed, wrong = judged(garden.planted, check_cells(garden.harmed(), communities))
        assert (missed, wrong) == ([], []), f"map {maps} of seed {seed}"
        planted += garden.planted
        maps += 1
    count = Counter(defect.sort for defect in planted)
    sys.stderr.write(f"\n{len(planted)} defects in {maps} copies of {len(cells)} cells: {dict(count)}\n")
    assert {defect.kind for defect in planted} == set(KINDS)
    assert len(count) == len(SORTS)


@pytest.mark.parametrize("seed", range(5))
def test_every_defect_planted_in_the_demo_city_is_found_and_nothing_else(seed):
    cells, communities = demo_city()
    assert check_cells(cells, communities) == []
    all_found(cells, communities, seed)


@pytest.mark.realdata
@pytest.mark.parametrize("seed", range(3))
def test_every_defect_planted_in_chicagos_map_is_found_and_nothing_else(realdata, seed):
    cells, communities = chicago(realdata)
    assert check_cells(cells, communities) == []
    all_found(cells, communities, seed)
