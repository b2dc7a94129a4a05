"""Shanghai's public addresses: the bars that the geocoder has to clear, on questions that its base does not hold."""

import numpy as np
import pandas as pd
import pytest
from pyproj import Geod

from geo.gazetteer import Gazetteer

pytestmark = pytest.mark.realdata
NAMES = {"wgs84_lng": "lon", "wgs84_lat": "lat", "street_level": "street"}


def read(folder, name):
    frame = pd.read_csv(folder / "shanghai" / name, dtype={"address": str}).rename(columns=NAMES)
    return frame[["district", "address", "lon", "lat", "street"]]


@pytest.fixture(scope="module")
def asked(realdata):
    return read(realdata, "addresses_queries_dev.csv")


@pytest.fixture(scope="module")
def answers(realdata, asked):
    found = Gazetteer(read(realdata, "addresses_base.csv")).locate(asked["address"].tolist())
    known = found["lon"].notna().to_numpy()
    metres = np.full(len(found), np.inf)
    truth, told = asked[known], found[known]
    metres[known] = Geod(ellps="WGS84").inv(
        *(frame[name].to_numpy() for frame in (truth, told) for name in ("lon", "lat"))
    )[2]
    return found.assign(error_m=metres)


def test_the_bars_are_cleared(answers):
    assert len(answers) == 5237
    assert answers["lon"].notna().mean() >= 0.90
    assert (answers["error_m"] <= 100).mean() >= 0.35
    assert (answers["error_m"] <= 300).mean() >= 0.63


def test_the_radius_holds_nine_truths_of_ten(answers):
    told = answers.dropna(subset=["lon"])
    held = told["error_m"] <= told["radius_m"]
    assert 0.87 <= held.mean() <= 0.93
    by_method = held.groupby(told["method"]).agg(["mean", "size"])
    notable = by_method[by_method["size"] >= 80]
    assert notable["mean"].between(0.85, 0.95).all(), notable
