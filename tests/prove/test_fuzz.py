"""Ten thousand damaged addresses, coordinates and geometries: an answer or a reason, never a traceback."""

import random
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
import shapely

from geo.gazetteer import Gazetteer
from geo.locate import CellIndex
from loaders.checks import check
from loaders.mapping import plan_mapping
from loaders.profiles import load_profile

pytestmark = pytest.mark.prove
COUNT = 10_000
NOW = datetime(2026, 6, 30, tzinfo=UTC)
ROADS = ["龙湾路", "望潮大街", "云帆路", "江苏路", "北京西路", "鹿鸣巷", "海神支路"]
NOISE = "号弄甲乙-－０１２一二三百零〇路街巷 \t\n\0，。（）()#@🙂ａＡ旁对面与和村組组楼幢室𠀀\u200b"
NUMBERS = [
    "",
    "0",
    "120.3",
    "36,1",
    "１２０．３",
    "120°18′",
    "-1e400",
    "nan",
    "inf",
    "abc",
    "36.1N",
    "1/0",
    "0x1F",
    " 120.3 ",
]


def mutated(dice: random.Random, text: str) -> str:
    letters = list(text)
    for _ in range(dice.randint(0, 6)):
        at = dice.randint(0, len(letters))
        if dice.random() < 0.5:
            letters.insert(at, dice.choice(NOISE))
        elif letters:
            letters.pop(min(at, len(letters) - 1))
    return "".join(letters) * dice.choice([1, 1, 1, 2, 40])


def checked(kind: str, frame: pd.DataFrame, crs: str = "EPSG:4326"):  # type: ignore[no-untyped-def]
    frame.index = pd.Index(range(2, len(frame) + 2), name="line")
    mapping = plan_mapping([c for c in frame if c != "geometry"], kind, load_profile(), {}, "geometry" in frame)
    return check(frame, kind, mapping, load_profile(), crs, NOW)


def test_addresses_find_a_place_in_their_city_or_none() -> None:
    dice = random.Random(20_260_630)
    known = [f"{road}{number}号" for road in ROADS for number in range(1, 300, 2)]
    lon = [120 + ROADS.index(a.rstrip("0123456789号")) / 100 + int(a[:-1].lstrip("".join(ROADS))) / 1e5 for a in known]
    base = Gazetteer(pd.DataFrame({"address": known, "lon": lon, "lat": np.full(len(known), 36.0)}))
    asked = [mutated(dice, dice.choice(known)) for _ in range(COUNT)]
    found = base.locate(asked)
    assert len(found) == COUNT
    answered = found.dropna(subset="lon")
    assert len(answered) > COUNT / 4
    assert answered["lon"].between(119.9, 120.2).all()
    assert answered["lat"].between(35.9, 36.1).all()
    assert (answered["radius_m"] > 0).all()


@pytest.mark.parametrize("crs", ["EPSG:4326", "gcj02", "bd09", "EPSG:4549"])
def test_coordinates_become_points_on_earth_or_reasons(crs: str) -> None:
    dice = random.Random(7)
    words = [
        dice.choice(NUMBERS) if dice.random() < 0.5 else mutated(dice, f"{dice.uniform(-200, 200):.5f}")
        for _ in range(2 * COUNT)
    ]
    frame = pd.DataFrame({
        "channel": "110", "source_no": [str(n) for n in range(COUNT)], "reported_at": "2026-01-01 10:00",
        "lon": words[:COUNT], "lat": words[COUNT:],
    }, dtype=object)  # fmt: skip
    result = checked("incidents", frame, crs)
    assert len(result.rows) + len(result.rejects) == COUNT
    placed = result.rows.dropna(subset="lon")
    assert placed["lon"].between(-180, 180).all()
    assert placed["lat"].between(-90, 90).all()
    assert all(reject.reasons for reject in result.rejects)


def test_geometries_become_usable_cells_or_reasons() -> None:
    dice = np.random.default_rng(11)
    shapes = [random_shape(dice) for _ in range(COUNT)]
    codes = pd.Series([f"C{n}" for n in range(COUNT)], dtype=object)
    frame = pd.DataFrame({"code": codes, "name": "格", "geometry": pd.Series(shapes, dtype=object)})
    result = checked("cells", frame.astype(object))
    assert len(result.rows) + len(result.rejects) == COUNT
    assert 0 < len(result.rows) < COUNT
    index = CellIndex(result.rows["geometry"].to_numpy())
    inner = shapely.point_on_surface(result.rows["geometry"].to_numpy())
    assert (index.locate(shapely.get_x(inner), shapely.get_y(inner)) >= 0).all()


def random_shape(dice: np.random.Generator) -> object:
    """A polygon that is often self-crossing, far away, empty, flat, of another type, or bytes that are none."""
    kind = dice.integers(0, 8)
    points = np.column_stack([dice.uniform(120, 120.1, 6), dice.uniform(36, 36.1, 6)])
    if kind == 0:
        return None
    if kind == 1:
        return shapely.LineString(points)
    if kind == 2:
        return shapely.Polygon()
    if kind == 3:
        return dice.bytes(30).hex()
    if kind == 4:
        return shapely.Polygon(points * [1, 10])
    if kind == 5:
        points[2, dice.integers(0, 2)] = np.nan
        return shapely.Polygon(points)
    if kind == 6:
        return shapely.convex_hull(shapely.MultiPoint(points))
    return shapely.Polygon(points)
