"""The datum of points is found from the areas that they are known to lie in."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import from_wgs84
from geo.datum_guess import guess_datum
from geo.errors import InputError

# A hundred small areas near Qingdao, each about 900 m wide: less than twice the shift between the datums.
AREAS = {
    f"{i}-{j}": shapely.box(120.2 + i / 100, 36 + j / 100, 120.21 + i / 100, 36.01 + j / 100)
    for i in range(10)
    for j in range(10)
}


def points(count: int, seed: int) -> tuple[np.ndarray, np.ndarray, list[str]]:
    dice = np.random.default_rng(seed)
    lon, lat = dice.uniform(120.2, 120.3, count), dice.uniform(36.0, 36.1, count)
    names = [f"{int((x - 120.2) * 100)}-{int((y - 36) * 100)}" for x, y in zip(lon, lat, strict=True)]
    return lon, lat, names


@pytest.mark.parametrize("datum", ["EPSG:4326", "gcj02", "bd09", "EPSG:4528", "EPSG:4549", "EPSG:3857"])
@pytest.mark.parametrize("swapped", [False, True])
def test_every_datum_is_recognised_both_ways_round(datum: str, swapped: bool) -> None:
    lon, lat, names = points(200, seed=7)
    x, y = from_wgs84(lon, lat, datum)
    guess = guess_datum(y, x, names, AREAS) if swapped else guess_datum(x, y, names, AREAS)
    assert (guess.datum, guess.swapped) == (datum, swapped)
    assert guess.sure
    assert guess.inside > 0.95 * guess.asked


def test_few_points_are_not_enough_to_be_sure() -> None:
    lon, lat, names = points(3, seed=1)
    x, y = from_wgs84(lon, lat, "gcj02")
    assert not guess_datum(x, y, names, AREAS).sure


@given(st.integers(0, 10_000))
def test_points_that_lie_anywhere_are_of_no_sure_datum(seed: int) -> None:
    lon, lat, names = points(60, seed)
    shuffled = list(np.random.default_rng(seed + 1).permutation(names))
    guess = guess_datum(lon, lat, shuffled, AREAS)
    assert guess.inside < guess.asked / 4


def test_points_without_a_known_name_are_not_asked() -> None:
    lon, lat, names = points(50, seed=3)
    assert guess_datum(lon, lat, [*names[:40], None, *["nowhere"] * 9], AREAS).asked == 40


def test_without_any_known_name_the_user_is_told_what_to_do() -> None:
    with pytest.raises(InputError, match="--name"):
        guess_datum([120.2], [36.0], ["nowhere"], AREAS)
