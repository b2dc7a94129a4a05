"""The expectation of many places at once is that of each place alone."""

from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from grids.arrivals import history
from grids.expected_places import expected_of_places, histories
from tests.oracle.expected import expected_by_now

NOW = datetime(2026, 6, 30, 6, 30, tzinfo=UTC)
PLACES = 3
calls = st.lists(
    st.tuples(
        st.integers(0, PLACES - 1), st.integers(-4, 6 * 7 * 24 * 2).map(lambda n: NOW - timedelta(minutes=30 * n))
    ),
    max_size=60,
)
SKIP = {date(2026, 6, 23)}


def series(times):
    return pd.Series(pd.to_datetime(times, utc=True)).astype("datetime64[us, UTC]")


@settings(max_examples=60)
@given(calls, st.sampled_from(["Asia/Shanghai", "America/Chicago"]), st.integers(4, 6), st.sampled_from([None, 14]))
def test_each_place_gets_what_it_would_get_alone(told, zone, weeks, days):
    since = None if days is None else date(2026, 6, 30) - timedelta(days=days)
    place, times = [where for where, _ in told], series([at for _, at in told])
    found = expected_of_places(histories(place, PLACES, times, NOW, zone, weeks, SKIP, since))
    assert len(found) == PLACES
    for code, row in found.iterrows():
        own = times[[where == code for where in place]]
        wanted = expected_by_now(history(own, NOW, zone, weeks, SKIP, since))
        assert (row["observed"], row["verdict"], row["days"]) == (wanted.observed, wanted.verdict, wanted.days)
        limits = (row["expected"], row["low"], row["high"])
        assert limits == pytest.approx((wanted.expected, wanted.low, wanted.high), nan_ok=True)
        assert row["excess"] == pytest.approx(wanted.excess)


def test_naive_times_and_too_few_weeks_are_refused():
    with pytest.raises(InputError):
        histories([0], 1, pd.Series([datetime(2026, 6, 1)]), NOW, "Asia/Shanghai")  # noqa: DTZ001 - that is the point
    with pytest.raises(InputError):
        histories([0], 1, series([NOW]), NOW, "Asia/Shanghai", 3)
