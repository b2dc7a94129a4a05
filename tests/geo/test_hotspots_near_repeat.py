"""Near repeats: counts equal all pairs, planted contagion is found, noise is not, and a seed fixes the answer."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from geo.hotspots.near_repeat import near_repeats
from tests.oracle import hotspots as oracle

START = pd.Timestamp("2026-03-01", tz="UTC")
DAY = 86_400


def asked(points, seconds, **told):
    x, y = zip(*points, strict=True) if points else ((), ())
    times = pd.Series([START + pd.Timedelta(seconds=int(second)) for second in seconds], dtype="datetime64[us, UTC]")
    return near_repeats(x, y, times, **told)


# Steps of 50 m and of half a day, so that many pairs lie on an edge exactly.
places = st.tuples(st.integers(0, 10), st.integers(0, 10)).map(lambda at: (50.0 * at[0], 50.0 * at[1]))
incidents = st.lists(st.tuples(places, st.integers(0, 70).map(lambda half: half * DAY // 2)), max_size=25)


@settings(max_examples=60)
@given(incidents)
def test_observed_pairs_equal_all_pairs_counted_one_by_one(made):
    points, seconds = [each[0] for each in made], [each[1] for each in made]
    found = asked(points, seconds, permutations=1)
    wanted = oracle.knox(points, seconds, (0, 100, 200, 400), (7, 14, 28))
    assert {at: int(found.observed[at]) for at in np.ndindex(4, 3) if found.observed[at]} == wanted


@settings(max_examples=20)
@given(incidents, st.integers(0, 99))
def test_expected_is_the_mean_of_all_pairs_of_shuffled_times(made, seed):
    points, seconds = [each[0] for each in made], np.array([each[1] for each in made], dtype=np.int32)
    seconds -= seconds.min(initial=0) if len(seconds) else 0
    found, random = asked(points, seconds, permutations=3, seed=seed), np.random.default_rng(seed)
    tables = [oracle.knox(points, random.permutation(seconds).tolist(), (0, 100, 200, 400), (7, 14, 28)) for _ in "123"]
    for at in np.ndindex(4, 3):
        shuffled = [table.get(at, 0) for table in tables]
        assert found.expected[at] == pytest.approx(np.mean(shuffled))
        assert found.p[at] == (1 + sum(count >= found.observed[at] for count in shuffled)) / 4


def test_the_documented_example():
    points = [(0.0, 0.0), (80.0, 0.0), (80.0, 0.0), (5000.0, 0.0)]
    found = asked(points, [0, 3 * DAY, 60 * DAY, 30 * DAY], space_m=(100,), time_days=(7,), permutations=1999)
    assert found.observed.tolist() == [[1]]
    assert found.expected[0, 0] == pytest.approx(0.5, abs=0.05)
    assert found.p[0, 0] == pytest.approx(0.5, abs=0.05)


def noise(random, n=2000):
    return random.uniform(0, 5000, (n, 2)), random.integers(0, 365 * DAY, n)


def test_planted_contagion_shows_in_its_band_and_the_same_seed_gives_the_same_answer():
    random = np.random.default_rng(5)
    points, seconds = noise(random)
    children = points[:150] + random.uniform(-60, 60, (150, 2))
    later = seconds[:150] + random.integers(1, 6 * DAY, 150)
    made = np.vstack([points, children]).tolist(), np.append(seconds, later)
    found, again, other = (asked(*made, permutations=99, seed=seed) for seed in (1, 1, 2))
    print(f"within 100 m and 7 days: {found.observed[1, 0]} pairs, {found.expected[1, 0]:.1f} by chance")
    assert found.p[1, 0] == 0.01
    assert found.ratio[1, 0] > 2
    assert found.p[3, 2] > 0.05
    assert all((one == two).all() for one, two in zip(found[1::2], again[1::2], strict=True))
    assert (found.expected != other.expected).any()


def test_noise_shows_a_near_repeat_no_more_often_than_its_p_says():
    random = np.random.default_rng(11)
    p = [
        asked(points.tolist(), seconds, permutations=19).p[1, 0]
        for points, seconds in (noise(random, 300) for _ in range(60))
    ]
    assert np.mean(np.array(p) <= 0.05) <= 0.15
    assert 0.3 < np.mean(p) < 0.75


def test_rows_without_place_or_time_are_left_out():
    times = pd.Series([START, START, None, START], dtype="datetime64[us, UTC]")
    found = near_repeats([0, 0, 0, np.nan], [0, 0, 0, 0], times, permutations=1)
    assert found.observed.sum() == found.observed[0, 0] == 1


@pytest.mark.parametrize(
    "told", [{"space_m": (100, 100)}, {"time_days": ()}, {"space_m": (-1, 5)}, {"permutations": 0}]
)
def test_bands_that_do_not_rise_are_refused(told):
    with pytest.raises(InputError):
        asked([(0.0, 0.0)], [0], **told)
