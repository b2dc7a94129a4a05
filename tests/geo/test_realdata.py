"""Real places: Chicago placed as geopandas places it, Qingdao where its datum puts it."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo.crs import to_wgs84
from geo.locate import CellIndex

pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def beats(realdata):
    return gpd.read_file(f"zip://{realdata / 'chicago' / 'police_beats.zip'}")


@pytest.fixture(scope="module")
def incidents(realdata):
    frame = pd.read_csv(realdata / "chicago" / "incidents_2019_50k.csv.gz", dtype={"beat": str})
    return frame.dropna(subset=["longitude", "latitude"]).reset_index(drop=True)


@pytest.fixture(scope="module")
def index(beats):
    return CellIndex(beats.geometry, beats["BEAT_NUM"])


def test_chicagos_incidents_are_placed_as_geopandas_joins_them(beats, incidents, index):
    assert (len(beats), len(incidents)) == (277, 49_734)
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(incidents["longitude"], incidents["latitude"]), crs=beats.crs)
    joined = gpd.sjoin(points, beats.reset_index(drop=True), predicate="intersects")["index_right"]
    expected = joined.groupby(level=0).min().reindex(points.index, fill_value=-1)
    found = index.locate(incidents["longitude"], incidents["latitude"])
    assert np.array_equal(found, expected.to_numpy())


def test_chicagos_labels_agree_and_lie_near_as_measured(beats, incidents, index):
    found = index.locate(incidents["longitude"], incidents["latitude"])
    placed = np.where(found >= 0, beats["BEAT_NUM"].to_numpy()[found], "")
    label = incidents["beat"].str.zfill(4).to_numpy()
    assert 100 * (placed == label).mean() == pytest.approx(91.16, abs=0.05)
    assert 100 * (_to_label_m(beats, incidents, index, label) <= 1.0).mean() == pytest.approx(99.83, abs=0.05)


def _to_label_m(beats, incidents, index, label):
    """Metres to the nearest polygon that bears the label (two numbers have two polygons)."""
    least = np.full(len(label), np.inf)
    numbers = beats["BEAT_NUM"].to_numpy()
    for number in np.unique(numbers):
        rows = np.flatnonzero(label == number)
        for position in np.flatnonzero(numbers == number):
            lon, lat = incidents["longitude"].to_numpy()[rows], incidents["latitude"].to_numpy()[rows]
            least[rows] = np.minimum(least[rows], index.distance_m(lon, lat, np.full(len(rows), position)))
    return least


def test_qingdaos_communities_fall_into_their_streets_once_converted(realdata):
    places = pd.read_csv(realdata / "qingdao" / "communities_gcj02.csv")
    areas = gpd.read_file(realdata / "qingdao" / "areas_osm.geojson")
    streets = areas[areas["admin_level"].astype(str) == "8"].reset_index(drop=True)
    names = streets["name"].to_numpy()
    places["street"] = places["town"].str.removesuffix("办事处")
    asked = places[(places["level"] != "town") & places["street"].isin(names)]
    assert len(asked) == 474
    x, y = asked["longitude"].to_numpy(), asked["latitude"].to_numpy()
    index = CellIndex(streets.geometry, names)
    assert _share_in(index, names, asked["street"], *to_wgs84(x, y, "gcj02")) == pytest.approx(93.5, abs=0.1)
    assert _share_in(index, names, asked["street"], x, y) == pytest.approx(81.7, abs=0.1)


def _share_in(index, names, expected, lon, lat):
    found = index.locate(lon, lat)
    return 100 * (np.where(found >= 0, names[found], "") == expected.to_numpy()).mean()
