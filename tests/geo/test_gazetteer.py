"""Addresses placed on made-up roads: right side, right place, honest radius, and rules that hold for any question."""

import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from geo.gazetteer import COLUMNS, Gazetteer
from geo.gazetteer.kriging import X, Y, krige
from tests.oracle.addresses import kriged

M = 111_195.0
LAT0, LON0 = 36.0, 120.0
SQUEEZE = np.cos(np.radians(LAT0))
ROADS = ["青松路", "白桦路", "红枫路", "银杏路", "梧桐路", "香樟路"]


def degrees(x, y):
    return LON0 + np.asarray(x) / (M * SQUEEZE), LAT0 + np.asarray(y) / M


def metres(frame):
    return (frame["lon"] - LON0).to_numpy() * M * SQUEEZE, (frame["lat"] - LAT0).to_numpy() * M


def street(road, numbers, y0, rng, noise=0.0, rate=2.0, side=15.0):
    """Doors along a straight road going east: even numbers north of it, odd ones south."""
    numbers = np.asarray(numbers)
    x = rate * numbers + rng.normal(0, noise, len(numbers))
    y = y0 + np.where(numbers % 2 == 0, side, -side) + rng.normal(0, noise, len(numbers))
    lon, lat = degrees(x, y)
    return pd.DataFrame({"address": [f"{road}{n}号" for n in numbers], "lon": lon, "lat": lat, "x": x, "y": y})


def town(seed=0, noise=5.0, count=60):
    rng = np.random.default_rng(seed)
    numbers = [rng.choice(np.arange(1, 600), count, replace=False) for _ in ROADS]
    parts = [street(r, n, 800.0 * i, rng, noise) for i, (r, n) in enumerate(zip(ROADS, numbers, strict=True))]
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def gazetteer():
    extra = pd.DataFrame(
        {
            "address": ["沈家村东宅", "沈家村西宅", "沈家村", "天天花园", "柳北一村", "柳北二村", "柳北四村"],
            "lon": LON0 + np.array([0.02, 0.0203, 0.0201, 0.01, 0.03, 0.032, 0.036]),
            "lat": LAT0 + np.array([0.02, 0.0201, 0.0202, 0.01, 0.03, 0.03, 0.03]),
        }
    )
    base = pd.concat([town(), extra], ignore_index=True)
    base["district"] = "市北区"
    base["name"] = [*[None] * (len(base) - 4), "天天大厦", None, None, None]
    return Gazetteer(base)


def test_a_number_lies_between_its_neighbours_on_its_side():
    numbers = [n for n in range(2, 400, 7) if not 180 <= n <= 220]
    places = Gazetteer(street("青松路", numbers, 0.0, np.random.default_rng(1)))
    found = places.locate(["青松路200号", "青松路201号"])
    x, y = metres(found)
    assert x == pytest.approx([400, 402], abs=12)
    assert y[0] > 5
    assert y[1] < -5
    assert set(found["method"]) == {"interpolated"}


def test_beyond_the_last_number_the_road_goes_on():
    places = Gazetteer(street("青松路", range(2, 300, 6), 0.0, np.random.default_rng(1)))
    found = places.locate(["青松路330号"])
    assert metres(found)[0] == pytest.approx([660], abs=30)
    assert found["method"].tolist() == ["extrapolated"]


def test_one_wrong_point_moves_nothing():
    base = street("青松路", range(2, 300, 6), 0.0, np.random.default_rng(1))
    base.loc[25, "lat"] += 0.05
    x, y = metres(Gazetteer(base).locate(["青松路150号"]))
    assert np.hypot(x[0] - 300, y[0] - 15) < 30


@settings(max_examples=40)
@given(st.integers(1, 9), st.integers(0, 10_000))
def test_kriging_is_what_plain_algebra_gives(size, seed):
    rng = np.random.default_rng(seed)
    number = np.sort(rng.integers(1, 800, size)).astype(float)
    points, lane = rng.normal(0, 500, (size, 2)), rng.random(size) < 0.5
    doubt, slope, asked = rng.choice([1.0, 25.0], size), rng.normal(0, 1, 2), float(rng.integers(1, 800))
    ends = np.array([0]), np.array([size])
    got = krige(
        np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1]), number, lane, doubt, *ends,
        np.array([asked]), np.array([True]), np.array([-1]), slope[None], 1.3,
    )  # fmt: skip
    expected = kriged(number, points, lane, doubt, asked, True, slope, 1.3)
    assert got[0, [X, Y]] == pytest.approx(expected, abs=0.5)


def test_nine_of_ten_lie_within_the_radius():
    held = []
    for seed in range(4):
        noise = town(seed, noise=30.0, count=150)
        kept = np.random.default_rng(seed).random(len(noise)) < 0.6
        found = Gazetteer(noise[kept]).locate(noise.loc[~kept, "address"].tolist())
        x, y = metres(found)
        held.append(np.hypot(x - noise.loc[~kept, "x"], y - noise.loc[~kept, "y"]) <= found["radius_m"].to_numpy())
    assert 0.87 <= np.concatenate(held).mean() <= 0.93


@pytest.mark.parametrize(
    ("text", "method", "matched"),
    [
        ("市北区天天花园", "exact", "天天花园"),
        ("天天大厦", "exact", "天天花园"),
        ("沈家村南宅", "village", "沈家村"),
        ("柳北三村", "series", "柳北村"),
        ("青松路", "road", "青松路"),
        ("市北青松路100号", "interpolated", "青松路"),
        ("清松路100号", "fuzzy_road", "青松路"),
        ("青松路与梧桐路路口", "crossing", "青松路与梧桐路"),
        ("市北区无名山庄", "district", "市北区"),
        ("无名山庄", None, None),
        ("", None, None),
    ],
)
def test_each_kind_of_question_has_its_method(gazetteer, text, method, matched):
    found = gazetteer.locate([text]).iloc[0]
    assert found["method"] == method
    assert (found["matched"] or "").startswith(matched or "")
    assert np.isnan(found["lon"]) == (method is None)


def test_a_series_is_interpolated(gazetteer):
    found = gazetteer.locate(["柳北三村"]).iloc[0]
    assert found["lon"] == pytest.approx(LON0 + 0.034, abs=0.0004)


def test_namesakes_are_told_apart_by_district():
    a, b = (street("青松路", range(2, 60, 4), y, np.random.default_rng(2)) for y in (0.0, 40_000.0))
    base = pd.concat([a.assign(district="东山区"), b.assign(district="西山区")], ignore_index=True)
    places = Gazetteer(base)
    lat = places.locate(["东山区青松路31号", "西山区青松路31号", "青松路31号"], ["", "", "西山区"])["lat"]
    assert lat.to_numpy() == pytest.approx([LAT0, LAT0 + 40_000 / M, LAT0 + 40_000 / M], abs=0.001)


def test_a_road_named_after_a_province_is_a_road():
    places = Gazetteer(street("江苏路", range(2, 60, 4), 0.0, np.random.default_rng(2)).assign(district="江苏区"))
    assert places.locate(["江苏路12号"])["method"].tolist() == ["interpolated"]


questions = st.lists(
    st.text(alphabet="青松白桦路与弄号村12３甲市北区花园柳 🎈", max_size=12)
    | st.builds("{}{}号".format, st.sampled_from([*ROADS, "青桦路", "柳北三村"]), st.integers(0, 10**7)),
    max_size=8,
)


@settings(max_examples=150)
@given(questions)
def test_any_question_has_an_answer_near_the_base_or_none(gazetteer, texts):
    found = gazetteer.locate(texts)
    assert list(found.columns) == list(COLUMNS)
    assert len(found) == len(texts)
    told = found.dropna(subset=["lon"])
    assert (told["radius_m"] > 0).all()
    assert told["score"].between(0, 1).all()
    base_x, base_y = metres(town())
    x, y = metres(told)
    reach = told["radius_m"].to_numpy() + 4000.0
    assert ((x > base_x.min() - reach) & (x < base_x.max() + reach)).all()
    assert ((y > base_y.min() - reach) & (y < base_y.max() + reach)).all()


@given(questions, st.randoms())
def test_the_order_of_questions_does_not_matter(gazetteer, texts, random):
    order = list(range(len(texts)))
    random.shuffle(order)
    found = gazetteer.locate([texts[at] for at in order])
    pd.testing.assert_frame_equal(found, gazetteer.locate(texts).iloc[order].reset_index(drop=True))


def test_unusable_rows_and_values_are_passed_over():
    base = street("青松路", range(2, 60, 4), 0.0, np.random.default_rng(2)).astype({"address": object})
    base.loc[3, "lon"], base.loc[4, "lat"], base.loc[5, "address"] = np.nan, 999.0, None
    places = Gazetteer(base)
    assert len(places) == len(base) - 2
    assert places.locate([None, np.nan, 12, "青松路31号"])["lon"].notna().tolist() == [False, False, False, True]


@pytest.mark.parametrize("rows", [0, 1, 2, 5])
def test_a_small_base_answers_too(rows):
    places = Gazetteer(street("青松路", range(2, 60, 4), 0.0, np.random.default_rng(2)).head(rows))
    found = places.locate(["青松路5号", "白桦路5号"])
    assert found["lon"].notna().tolist() == [rows > 0, False]


def test_a_copy_from_a_pickle_answers_the_same(gazetteer):
    asked = ["青松路77号", "沈家村"]
    pd.testing.assert_frame_equal(pickle.loads(pickle.dumps(gazetteer)).locate(asked), gazetteer.locate(asked))


def test_what_is_missing_is_said():
    with pytest.raises(InputError, match="no column lat"):
        Gazetteer(pd.DataFrame({"address": ["青松路1号"], "lon": [1.0]}))
    with pytest.raises(InputError, match="1 addresses came with 2 districts"):
        Gazetteer(town().head(3)).locate(["青松路1号"], ["", ""])


def test_no_road_goes_on_for_ever():
    places = Gazetteer(street("青松路", range(2, 300, 6), 0.0, np.random.default_rng(1)))
    x, y = metres(places.locate(["青松路999999号"]))
    assert np.hypot(x - 600, y) < 5_000
