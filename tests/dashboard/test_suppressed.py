"""Small counts are hidden from those who must not single out people, and no arithmetic gives them back."""

from itertools import pairwise, product
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.reporting.suppressed import ABOVE, fewest_of, suppressed
from grids.rights import Who

CHAIN = ("district", "street", "community", "cell")
COUNTS = ("numerator", "denominator")
# 2 districts of 2 streets of 2 communities of 3 cells, each with counts that are often small.
CELLS = [f"{d}{s}{c}{n}" for d, s, c, n in product("12", "12", "12", "123")]
LENGTH = dict(zip(CHAIN, (1, 2, 3, 4), strict=True))
SPOTS = pd.DataFrame({level: [cell[: LENGTH[level]] for cell in CELLS] for level in CHAIN})
VIEW = SimpleNamespace(about=SimpleNamespace(spots=SimpleNamespace(table=SPOTS)))
count = st.sampled_from([0, 0, 0, 1, 2, 3, 4, 5, 7, 30])
cities = st.lists(st.tuples(count, count), min_size=len(CELLS), max_size=len(CELLS))


def measure_of(pairs):
    """A measure of these cells: (numerator, the rest) each; keys without anything are left out."""
    cells = pd.DataFrame({"cell": CELLS, "numerator": [k for k, _ in pairs], "denominator": [k + r for k, r in pairs]})

    def measure(by):
        if by is None:
            return cells[list(COUNTS)].sum().to_frame().T.assign(key=None)
        told = cells.groupby(cells["cell"].str[: LENGTH[by]])[list(COUNTS)].sum()
        return told[told["denominator"] > 0].rename_axis("key").reset_index()

    return measure


def published(pairs, k):
    """(level, key) → what is shown of it in the tables of all levels: (numerator, denominator), or None for hidden."""
    told, measure = {}, measure_of(pairs)
    for level in (None, *CHAIN):
        for row in suppressed(measure, level, k, VIEW).itertuples():
            told[level, row.key] = None if row.suppressed else (int(row.numerator), int(row.denominator))
    return told


def sums_known(told):
    """For each place that has parts: its name and theirs; a place that is in no table counted nothing."""
    for level, below in ((None, "district"), *pairwise(CHAIN)):
        for key in [name for where, name in told if where == level]:
            parts = [(below, name) for where, name in told if where == below and name.startswith(key or "")]
            yield (level, key), parts


def found_by_subtraction(told):
    """The hidden values that all sums together leave no choice for: those that the null space does not move."""
    hidden = sorted((name for name, shown in told.items() if shown is None), key=str)
    place = {name: n for n, name in enumerate(hidden)}
    sums = np.zeros((0, len(hidden)))
    for whole, parts in sums_known(told):
        row = np.zeros(len(hidden))
        for name, sign in ((whole, -1), *((part, 1) for part in parts)):
            if name in place:
                row[place[name]] += sign
        sums = np.vstack([sums, row])
    _, strength, space = np.linalg.svd(sums, full_matrices=True)
    free = space[int((strength > 1e-9).sum()) :]
    return [name for name in hidden if not np.abs(free[:, place[name]]).max(initial=0) > 1e-9]


@settings(max_examples=120)
@given(cities, st.integers(2, 6))
def test_what_is_hidden_cannot_be_found_by_subtracting_what_is_shown(pairs, k):
    told = published(pairs, k)
    for numerator, denominator in filter(None, told.values()):
        assert not any(0 < n < k for n in (numerator, denominator, denominator - numerator))
    assert found_by_subtraction(told) == []
    for whole, parts in sums_known(told):
        hidden = [part for part in parts if told[part] is None]
        if told[whole] is not None and hidden:
            shown = [told[part] for part in parts if told[part] is not None]
            left = np.array(told[whole]) - np.sum(shown, axis=0) if shown else np.array(told[whole])
            assert not any(0 < n < k for n in (*left, left[1] - left[0])), "the rest of a total tells of too few"


@settings(max_examples=30)
@given(cities)
def test_nothing_is_hidden_from_those_who_may_see_cases(pairs):
    pd.testing.assert_frame_equal(suppressed(measure_of(pairs), "cell", None, VIEW), measure_of(pairs)("cell"))


def test_no_more_is_hidden_than_a_total_needs():
    pairs = [(30, 30)] * len(CELLS)
    assert not suppressed(measure_of(pairs), "cell", 5, VIEW)["suppressed"].any()
    pairs[0] = (2, 30)
    hidden = suppressed(measure_of(pairs), "cell", 5, VIEW)
    assert hidden.loc[hidden["suppressed"], "key"].tolist() == ["1111", "1112"]


@pytest.mark.parametrize(("role", "wanted"), [("wall", 5), ("officer", None), ("analyst", None), ("admin", None)])
def test_roles_without_cases_and_people_see_no_small_counts(role, wanted):
    assert fewest_of(Who("somebody", (role,))) == wanted


def test_every_place_but_stations_and_districts_has_a_total_above_it():
    assert set(ABOVE) == {"cell", "beat", "community", "street"}
