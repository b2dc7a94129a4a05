"""Coordinates and geometries: converted to WGS-84, or refused with the place and the reason."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import from_wgs84
from geo.errors import InputError
from loaders.checks import source_crs
from loaders.profiles import Profile, load_profile
from loaders.readers import open_source
from tests.loaders.checking import OURS, checked, incident, reasons
from tests.loaders.layers import shapefile

SQUARE = "POLYGON((120.3 36,120.4 36,120.4 36.1,120.3 36.1,120.3 36))"
BOWTIE = "POLYGON((120.3 36,120.4 36.1,120.4 36,120.3 36.1,120.3 36))"


def cell(geometry: Any, **more: Any) -> dict[str, Any]:
    return {"code": "c", "name": "n", "geometry": geometry, **more}


@settings(deadline=None)
@given(st.floats(73.6, 134.9), st.floats(18.2, 53.4), st.sampled_from(["EPSG:4326", "gcj02", "bd09", "EPSG:4490"]))
def test_points_come_back_from_every_system_to_within_a_metre(lon: float, lat: float, crs: str) -> None:
    x, y = from_wgs84([lon], [lat], crs)
    outcome = checked("incidents", incident(lon=repr(float(x[0])), lat=repr(float(y[0]))), crs=crs)
    np.testing.assert_allclose(outcome.rows[["lon", "lat"]].to_numpy(), [[lon, lat]], atol=1e-5)


def test_metres_of_a_projected_system_are_converted() -> None:
    x, y = from_wgs84([120.38], [36.06], "EPSG:4549")
    outcome = checked("incidents", incident(lon=str(x[0]), lat=str(y[0])), crs="EPSG:4549")
    np.testing.assert_allclose(outcome.rows[["lon", "lat"]].to_numpy(), [[120.38, 36.06]], atol=1e-6)


@pytest.mark.parametrize("crs", ["EPSG:4326", "gcj02", "bd09", "EPSG:4490", "EPSG:4549"])
def test_swapped_coordinates_are_called_swapped(crs: str) -> None:
    x, y = from_wgs84([120.38], [36.06], crs)
    said = reasons(checked("incidents", incident(lon=str(y[0]), lat=str(x[0])), crs=crs))
    assert len(said) == 1
    assert "look swapped" in said[0]


def test_swapped_in_range_is_known_by_the_place_at_hand() -> None:
    chicago = load_profile("chicago")
    row = {"id": "1", "date": "2019-12-10", "longitude": "41.88", "latitude": "-87.63"}
    assert "look swapped" in reasons(checked("incidents", row, profile=chicago))[0]
    row = incident(lon="41.88", lat="-87.63")
    assert reasons(checked("incidents", row)) == []
    assert "look swapped" in reasons(checked("incidents", row, extent=(-88, 41, -87, 42)))[0]


def test_out_of_range_and_outside_the_systems_area() -> None:
    assert "outside ±180" in reasons(checked("incidents", incident(lon="999", lat="36")))[0]
    assert (
        "outside the area of gcj02" in reasons(checked("incidents", incident(lon="2.35", lat="48.85"), crs="gcj02"))[0]
    )
    assert "outside the area of EPSG:4549" in reasons(checked("incidents", incident(), crs="EPSG:4549"))[0]


def test_no_coordinates_are_no_finding_and_half_a_pair_is_one() -> None:
    outcome = checked(
        "incidents",
        incident(source_no="1", lon=None, lat=None),
        incident(source_no="2", lon="0", lat="0.0"),
        incident(source_no="3", lat=None),
        incident(source_no="4", lon="x"),
    )
    assert outcome.rows["lon"].isna().tolist() == [True, True]
    assert [reject.reasons for reject in outcome.rejects] == [["lon is given without lat"], ["lon 'x' is not a number"]]
    assert outcome.notes == {"rows with lon 0, lat 0 were taken as rows without coordinates": 1}


def test_points_stand_in_for_lon_and_lat() -> None:
    row = {name: value for name, value in incident().items() if name not in {"lon", "lat"}}
    rows = [
        {**row, "source_no": str(n), "geometry": g}
        for n, g in enumerate([shapely.Point(120, 36, 5), None, "POINT(1 2)"])
    ]
    outcome = checked("incidents", *rows)
    np.testing.assert_array_equal(outcome.rows["lon"].to_numpy(), [120, np.nan, 1])
    assert "geometry" not in outcome.rows
    assert "not a Point" in reasons(checked("incidents", {**row, "geometry": SQUARE}))[0]


def test_geometry_is_taken_as_shape_wkt_or_hex_wkb() -> None:
    shape = shapely.from_wkt(SQUARE)
    outcome = checked("cells", *(cell(each) for each in (shape, SQUARE, shape.wkb_hex, shapely.force_3d(shape))))
    assert all(shapely.equals(outcome.rows["geometry"].to_numpy(), shape))


@pytest.mark.parametrize(
    ("geometry", "said"),
    [
        (None, "geometry is missing"),
        ("POLYGON EMPTY", "geometry is empty"),
        ("POINT(120 36)", "is a Point, not a Polygon or MultiPolygon"),
        (BOWTIE, "crosses or overlaps itself near lon 120.350000, lat 36.050000"),
        ("POLYGON((120 36,121 36,121 37))", "cannot be built"),
        ("POLYGON((120 36,121 36", "cannot be built"),
        ("somewhere", "cannot be built"),
        ("00112233445566", "cannot be built"),
        ("POLYGON((36 120.3,36.1 120.3,36.1 120.4,36 120.3))", "look swapped"),
        ("POLYGON((500000 4000000,500100 4000000,500100 4000100,500000 4000000))", "coordinate system"),
    ],
)
def test_unusable_geometry_says_why_and_where(geometry: str | None, said: str) -> None:
    found = reasons(checked("cells", cell(geometry)))
    assert len(found) == 1
    assert said in found[0]


def test_shapes_are_converted_too() -> None:
    shape = shapely.transform(
        shapely.from_wkt(SQUARE), lambda xy: np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], "gcj02"))
    )
    outcome = checked("cells", cell(shape), crs="gcj02")
    assert shapely.hausdorff_distance(outcome.rows["geometry"].iloc[0], shapely.from_wkt(SQUARE)) < 1e-5


def test_roads_are_lines_and_parks_areas() -> None:
    rows = [{"kind": "road", "geometry": "LINESTRING(120 36,121 37)"}, {"kind": "公园", "geometry": SQUARE}]
    assert checked("backdrop", *rows).rows["kind"].tolist() == ["road", "park"]


def test_a_layer_without_crs_needs_one(tmp_path: Path) -> None:
    with open_source(shapefile(tmp_path, drop=(".prj",))) as source:
        with pytest.raises(InputError, match=r"no .prj.: add --crs, for example --crs EPSG:4326"):
            source_crs(source, OURS)
        assert source_crs(source, OURS, "CGCS2000") == "EPSG:4490"
        assert source_crs(source, Profile("p", crs="gcj02")) == "gcj02"
    with pytest.raises(InputError, match="add --crs"):
        checked("cells", cell(shapely.from_wkt(SQUARE)), crs=None)
    with pytest.raises(InputError, match="EPSG:4326"):
        checked("cells", cell(SQUARE), crs="EPSG:99999999")


def test_what_the_user_types_beats_the_profile_and_that_the_file(tmp_path: Path) -> None:
    with open_source(shapefile(tmp_path)) as source:
        assert source_crs(source, OURS) == "EPSG:4326"
        assert source_crs(source, Profile("p", crs="gcj02")) == "gcj02"
        assert source_crs(source, Profile("p", crs="gcj02"), "bd09") == "bd09"
