"""The plain counts of screens say the same from the read model as from the rows in SQL, for any filter."""

import random
from dataclasses import asdict

import pandas as pd
import pytest

from db import metrics
from db.facts import Filter
from db.measures import plain
from grids.policies import POLICIES
from tests.db.test_readmodel import a_filter
from tests.factories import day

ROUNDS = 12
BY = ("cell", "beat", "station", "severity", "channel", "category", "officer")


@pytest.fixture(params=range(ROUNDS))
def flt(request):
    """A random filter; the first one takes everything in."""
    return Filter(day(-5), day(400)) if request.param == 0 else a_filter(random.Random(request.param))


def alike(found: pd.DataFrame, wanted: pd.DataFrame, key: list[str]) -> None:
    """The same rows, in whatever order."""
    ours, theirs = (frame.sort_values(key, ignore_index=True)[wanted.columns.tolist()] for frame in (found, wanted))
    for name in wanted.columns:
        told = [None if pd.isna(each) else each for each in theirs[name]]
        assert [None if pd.isna(each) else each for each in ours[name]] == pytest.approx(told), name


def test_totals(city, view, flt):
    assert asdict(plain.totals(view, flt)) == pytest.approx(asdict(metrics.totals(city, flt)))


def test_cells(city, view, flt):
    policy = POLICIES["JM"]
    alike(plain.cells(city, view, flt, policy), metrics.cells(city, flt, policy), ["code"])


@pytest.mark.parametrize("by", BY)
def test_workload(city, view, flt, by):
    wanted = metrics.workload(city, flt, by)
    if by == "officer":
        wanted = wanted[wanted["minutes"].gt(0) | wanted["matters"].gt(0)]
        wanted = wanted.drop(columns=["staff", "available"])
    wanted = wanted.drop(columns="label")  # of a redrawn cell the model tells the name it has, SQL one it had
    alike(plain.workload(city, view, flt, by), wanted, ["key"])


def test_days_and_hours(city, view, flt):
    alike(plain.daily(view, flt), metrics.daily(city, flt), ["day"])
    alike(plain.clock(city, view, flt), metrics.clock(city, flt), ["weekday", "hour"])


@pytest.mark.parametrize("step_m", [150.0, 600.0])
def test_the_lattice_of_heat(city, view, flt, step_m):
    alike(plain.lattice(city, view, flt, step_m), metrics.lattice(city, flt, step_m), ["lon", "lat"])
