"""GCJ-02 and BD-09: known pairs, round trips to a tenth of a millimetre, nothing moved abroad."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geo import datums

GEOD = Geod(ellps="WGS84")
# The shift breaks off at the rectangle's edge; 0.03° inside it, everything has an inverse.
china = st.tuples(st.floats(72.04, 137.8), st.floats(0.86, 55.79))
anywhere = st.tuples(st.floats(-180, 180), st.floats(-90, 90))

PAIRS = {
    "gcj02": (datums.gcj02_from_wgs84, datums.wgs84_from_gcj02),
    "bd09": (datums.bd09_from_wgs84, datums.wgs84_from_bd09),
}


@pytest.mark.parametrize("datum", PAIRS)
@given(place=china)
def test_there_and_back_is_within_a_tenth_of_a_millimetre(datum, place):
    there, back = PAIRS[datum]
    again = back(*there(*place))
    assert GEOD.inv(*place, float(again[0]), float(again[1]))[2] < 1e-4


@pytest.mark.parametrize("datum", PAIRS)
@given(place=china)
def test_back_and_there_is_the_same_place_too(datum, place):
    there, back = PAIRS[datum]
    again = there(*back(*place))
    assert np.allclose(again, place, rtol=0, atol=1e-9)


@pytest.mark.parametrize("datum", PAIRS)
@given(place=anywhere.filter(lambda p: not (72 < p[0] < 138 and 0.8 < p[1] < 55.9)))
def test_abroad_nothing_moves(datum, place):
    for shift in PAIRS[datum]:
        assert tuple(map(float, shift(*place))) == place


@given(place=china)
def test_the_shift_of_gcj02_stays_below_a_kilometre(place):
    lon, lat = datums.gcj02_from_wgs84(*place)
    assert GEOD.inv(*place, float(lon), float(lat))[2] < 1000


@pytest.mark.parametrize(
    ("wgs", "gcj"),
    [
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ],
)
def test_published_pairs_of_gcj02_are_met(wgs, gcj):
    assert np.allclose(datums.gcj02_from_wgs84(*wgs), gcj, rtol=0, atol=1e-7)


def test_a_published_pair_of_bd09_is_met():
    gcj = datums.gcj02_from_wgs84(*datums.wgs84_from_bd09(116.404, 39.915))
    assert np.allclose(gcj, (116.39762729119315, 39.90865673957631), rtol=0, atol=2e-5)


def test_nan_stays_nan_and_shapes_stay():
    lon, lat = datums.wgs84_from_gcj02([[116.0, np.nan], [np.inf, 0.0]], [[40.0, 40.0], [40.0, 0.0]])
    assert lon.shape == lat.shape == (2, 2)
    assert np.isnan(lon[0, 1])
    assert np.isinf(lon[1, 0])
    assert (lon[1, 1], lat[1, 1]) == (0.0, 0.0)
    assert abs(lon[0, 0] - 116.0) > 1e-3


def test_the_input_is_not_written_to():
    lon = np.array([116.0])
    datums.gcj02_from_wgs84(lon, np.array([40.0]))
    assert lon[0] == 116.0
