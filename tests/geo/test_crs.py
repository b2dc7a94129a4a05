"""CRS names as people type them, PROJ behind them, metres chosen from the data."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Geod

from geo import crs
from geo.errors import InputError

GEOD = Geod(ellps="WGS84")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("EPSG:4326", "EPSG:4326"),
        ("epsg:4326", "EPSG:4326"),
        ("4326", "EPSG:4326"),
        ("WGS-84", "EPSG:4326"),
        ("WGS 84", "EPSG:4326"),
        ("OGC:CRS84", "EPSG:4326"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"),
        ("CGCS2000", "EPSG:4490"),
        (" GCJ-02 ", "gcj02"),
        ("gcj02", "gcj02"),
        ("火星坐标", "gcj02"),
        ("BD-09", "bd09"),
        ("4528", "EPSG:4528"),
        (CRS(4528).to_wkt("WKT1_ESRI"), "EPSG:4528"),
        (CRS(4549).to_wkt("WKT1_ESRI"), "EPSG:4549"),
    ],
)
def test_names_as_typed_become_canonical(typed, name):
    assert crs.parse_crs(typed) == name


@pytest.mark.parametrize("typed", ["", "mars", "EPSG:2000000", "EPSG:5773", "EPSG:4978", "99999999", "x" * 500])
def test_an_unknown_or_planeless_system_is_refused_with_what_to_type(typed):
    with pytest.raises(InputError, match="type EPSG:4326") as refusal:
        crs.parse_crs(typed)
    assert len(str(refusal.value)) < 250


def test_a_system_without_epsg_number_stays_usable():
    wkt = CRS("+proj=tmerc +lat_0=0 +lon_0=120.5 +k=1 +x_0=0 +y_0=0 +ellps=GRS80 +units=m").to_wkt()
    lon, lat = crs.to_wgs84([0.0], [4e6], crs.parse_crs(wkt))
    assert lon[0] == pytest.approx(120.5)
    assert 36 < lat[0] < 37


@given(zone=st.integers(25, 45), east=st.floats(-1.5, 1.5), lat=st.floats(10, 55))
def test_gauss_krueger_with_and_without_zone_prefix_differ_by_the_prefix_only(zone, east, lat):
    lon = zone * 3 + east
    with_prefix, northing = crs.from_wgs84(lon, lat, f"EPSG:{4513 + zone - 25}")
    without, same_northing = crs.from_wgs84(lon, lat, f"EPSG:{4534 + zone - 25}")
    assert float(with_prefix - without) == pytest.approx(zone * 1e6, abs=1e-6)
    assert float(northing) == pytest.approx(float(same_northing), abs=1e-6)


@pytest.mark.parametrize(
    "name", ["EPSG:4326", "EPSG:4490", "EPSG:4528", "EPSG:4549", "EPSG:3857", "EPSG:32651", "gcj02", "bd09"]
)
@given(lon=st.floats(119, 121), lat=st.floats(20, 50))
def test_every_system_goes_there_and_back_within_a_millimetre(name, lon, lat):
    back = crs.to_wgs84(*crs.from_wgs84(lon, lat, name), name)
    assert GEOD.inv(lon, lat, float(back[0]), float(back[1]))[2] < 1e-3


def test_axes_are_always_longitude_first():
    lon, lat = crs.to_wgs84([120.0], [36.0], "EPSG:4490")
    assert (lon[0], lat[0]) == pytest.approx((120.0, 36.0))


def test_a_point_that_cannot_be_converted_is_nan():
    lon, lat = crs.to_wgs84([np.nan, np.inf, 500000.0], [4e6, 4e6, 4e6], "EPSG:4549")
    assert np.isnan(lon[:2]).all()
    assert np.isnan(lat[:2]).all()
    assert lon[2] == pytest.approx(120.0)


def test_the_result_is_never_the_input_itself():
    x = np.array([120.0])
    lon, _ = crs.to_wgs84(x, np.array([36.0]), "EPSG:4326")
    lon[0] = 0
    assert x[0] == 120.0


def test_geometries_move_vertex_by_vertex_and_lose_their_height():
    box = shapely.box(120.30, 36.05, 120.31, 36.06)
    line = shapely.LineString([(120.3, 36.0, 9.0), (120.4, 36.1, 9.0)])
    moved = crs.transform_geometries([box, None, line], "gcj02")
    lon, lat = crs.to_wgs84(*shapely.get_coordinates(box).T, "gcj02")
    assert np.array_equal(shapely.get_coordinates(moved[0]), np.column_stack([lon, lat]))
    assert moved[1] is None
    assert not moved[2].has_z


def test_geometries_already_in_wgs84_come_back_unmoved():
    box = shapely.box(1, 2, 3, 4)
    assert crs.transform_geometries([box], "WGS84")[0].equals(box)


@given(lon=st.floats(75, 135), lat=st.floats(1, 55))
def test_in_china_metres_are_cgcs2000_on_the_nearest_meridian(lon, lat):
    chosen = crs.metric_crs([lon], [lat])
    meridian = 75 + 3 * (chosen.to_epsg() - 4534)
    assert 75 <= meridian <= 135
    assert abs(lon - meridian) <= 1.5


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (-87.6, 41.9, 32616),
        (151.2, -33.9, 32756),
        (180.0, 10.0, 32601),
        (-180.0, 10.0, 32601),
        (73.0, 40.0, 32643),
        (0.0, 88.0, 5041),
        (0.0, -88.0, 5042),
    ],
)
def test_elsewhere_metres_are_utm_or_ups(lon, lat, code):
    assert crs.metric_crs([lon], [lat]).to_epsg() == code


def test_stray_points_do_not_sway_the_choice_of_metres():
    assert crs.metric_crs([120.3, 120.4, 0.0, np.nan], [36.0, 36.1, 0.0, 1.0]).to_epsg() == 4549


def test_without_a_point_no_metres_can_be_chosen():
    with pytest.raises(InputError, match="at least one"):
        crs.metric_crs([np.nan], [1.0])


def test_a_system_knows_where_it_is_meant_to_be_used():
    west, south, east, north = crs.area_of_use("EPSG:4549")
    assert west < 120 < east
    assert south < 36 < north
    assert crs.area_of_use("gcj02") == (72.004, 0.8293, 137.8347, 55.8271)
