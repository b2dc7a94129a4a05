"""Hot spots: significant cells, the clock of the week, and the surface on its fixed lattice."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from geo.adjacency import neighbours
from geo.density import lattice_counts, smooth
from geo.errors import InputError
from geo.hotspots.clock import clock_of_seconds
from geo.hotspots.getis_ord import gi_star, hot_cells
from geo.hotspots.surface import surface_plan
from tests.geo import shapes
from tests.oracle import hotspots as oracle

few = settings(max_examples=50)
SPRING_FORWARD = datetime(2026, 3, 8, 6, tzinfo=UTC)  # Chicago's midnight before clocks jump from 2 to 3


def rook(rows, columns):
    """Neighbours of a grid of cells, by their sides."""
    beside = {cell: {} for cell in range(rows * columns)}
    for cell in beside:
        for other, there in ((cell + 1, (cell + 1) % columns), (cell + columns, cell + columns < rows * columns)):
            if there:
                beside[cell][other] = beside[other][cell] = 1.0
    return beside


graphs = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=20)
nine_values = st.lists(st.integers(0, 40), min_size=9, max_size=9)


def graph_of(edges):
    beside = {position: {} for position in range(9)}
    for one, other in edges:
        if one != other:
            beside[one][other] = beside[other][one] = 1.0
    return beside


@few
@given(nine_values, graphs)
def test_gi_star_equals_the_oracle_and_the_rule_finds_its_discoveries(values, edges):
    beside = graph_of(edges)
    found = hot_cells(values, beside, 0.1)
    assert found.z == pytest.approx(oracle.gi_star(values, beside), abs=1e-6)
    assert found.p == pytest.approx(2 * norm.cdf(-np.abs(found.z)))
    assert set(np.flatnonzero(found.q <= 0.1)) == oracle.discoveries(found.p.tolist(), 0.1)


@few
@given(nine_values, graphs, st.floats(0.1, 50))
def test_gi_star_is_free_of_the_unit(values, edges, unit):
    beside = graph_of(edges)
    assert gi_star(np.multiply(values, unit), beside) == pytest.approx(gi_star(values, beside), abs=1e-5)


def test_gi_star_of_the_documented_example():
    assert gi_star([1, 1, 1, 5, 7], rook(1, 5))[3] == pytest.approx(1.291, abs=5e-4)


def test_a_cluster_on_real_borders_is_hot_and_a_lone_busy_cell_is_not():
    cells = shapes.district(12, 12)
    beside = neighbours(cells, 0.5)
    values = np.full(144, 10.0) + np.random.default_rng(4).poisson(3, 144)
    cluster = [12 * row + column for row in (2, 3, 4) for column in (2, 3, 4)]
    values[cluster] = 60
    values[12 * 9 + 9] = 60
    hot = set(np.flatnonzero(hot_cells(values, beside).kind == "hot"))
    assert set(cluster) <= hot
    assert 12 * 9 + 9 not in hot
    assert hot <= {near for cell in cluster for near in (cell, *beside[cell])}


def test_pure_noise_seldom_has_a_hot_cell_though_a_thousand_are_asked():
    random, beside = np.random.default_rng(7), rook(32, 32)
    alarms = [(hot_cells(random.poisson(20, 1024), beside).kind != "none").any() for _ in range(200)]
    unadjusted = (hot_cells(random.poisson(20, 1024), beside).p < 0.05).sum()
    print(f"{np.mean(alarms):.1%} of 200 maps of noise show a spot; without control one map shows {unadjusted}")
    assert np.mean(alarms) < 0.10
    assert unadjusted > 20


@pytest.mark.parametrize("values", [[5.0] * 9, [0.0] * 9])
def test_equal_cells_are_neither_hot_nor_cold(values):
    found = hot_cells(values, rook(3, 3))
    assert found.z.tolist() == [0.0] * 9
    assert set(found.kind) == {"none"}


@pytest.mark.parametrize(
    "bad",
    [
        lambda: hot_cells([1.0, float("nan")], {0: {1: 1.0}, 1: {0: 1.0}}),
        lambda: hot_cells([1.0, 2.0], {0: {2: 1.0}}),
        lambda: hot_cells([1.0, 2.0], {0: {}}, alpha=0.0),
        lambda: week([], SPRING_FORWARD, SPRING_FORWARD, "Asia/Qingdao"),
        lambda: week([], SPRING_FORWARD, SPRING_FORWARD - timedelta(hours=1), "Asia/Shanghai"),
        lambda: surface_plan((0, 0, 1, 1), 100.0, 0.0),
    ],
)
def test_what_makes_no_sense_is_refused(bad):
    with pytest.raises(InputError):
        bad()


def week(times, start, end, zone):
    inside = [int(at.timestamp()) for at in times if start <= at < end]
    return clock_of_seconds(np.array(inside, np.int64), start, end, zone)


moments = st.integers(0, 14 * 24 * 60).map(lambda minutes: SPRING_FORWARD - timedelta(days=4, minutes=-minutes))
zones = st.sampled_from(["America/Chicago", "Asia/Shanghai", "Asia/Kathmandu", "Australia/Lord_Howe"])


@settings(max_examples=25)
@given(st.lists(moments, max_size=20), moments, moments, zones)
def test_the_clock_equals_the_oracle_minute_by_minute(times, one, other, zone):
    start, end = min(one, other), max(one, other)
    found = week(times, start, end, zone)
    counts, hours = oracle.clock(times, start, end, zone)
    for weekday in range(7):
        for hour in range(24):
            assert found.counts[weekday, hour] == counts.get((weekday, hour), 0)
            assert found.hours[weekday, hour] == pytest.approx(hours.get((weekday, hour), 0))


def test_the_hour_that_is_skipped_in_spring_and_the_one_that_comes_twice_in_autumn():
    spring = week([], SPRING_FORWARD, SPRING_FORWARD + timedelta(hours=23), "America/Chicago")
    assert spring.hours[6].tolist() == [1, 1, 0] + [1] * 21
    assert np.isnan(spring.rate[6, 2])
    midnight = datetime(2026, 11, 1, 5, tzinfo=UTC)
    twice = [midnight + timedelta(minutes=90), midnight + timedelta(minutes=150)]
    autumn = week(twice, midnight, midnight + timedelta(hours=25), "America/Chicago")
    assert (autumn.counts[6, 1], autumn.hours[6, 1], autumn.rate[6, 1]) == (2, 2, 1)


def test_hours_are_the_citys_own():
    late = [datetime(2026, 3, 1, 16, 30, tzinfo=UTC)]  # Sunday in London, Monday 00:30 in Qingdao
    found = week(late, datetime(2026, 2, 28, 16, tzinfo=UTC), datetime(2026, 3, 7, 16, tzinfo=UTC), "Asia/Shanghai")
    assert found.counts[0, 0] == found.counts.sum() == 1
    assert (found.hours == 1).all()


def density(x, y, plan):
    return smooth(lattice_counts(x, y, plan.lattice), plan.lattice.cell_m, plan.bandwidth_m)


def test_the_margin_of_a_surface_holds_all_that_spreads_over_the_edge_of_the_city():
    plan = surface_plan((500_000, 3_990_000, 504_000, 3_993_000))
    random = np.random.default_rng(3)
    surface = density(random.uniform(500_000, 504_000, 3000), random.uniform(3_990_000, 3_993_000, 3000), plan)
    assert surface.shape == (plan.lattice.rows, plan.lattice.columns)
    assert surface.sum() * 0.01 == pytest.approx(3000)
    assert max(surface[0].max(), surface[-1].max(), surface[:, 0].max(), surface[:, -1].max()) < surface.max() / 50


def test_the_surface_peaks_where_the_calls_are():
    plan = surface_plan((0, 0, 5000, 5000), 100.0, 200.0)
    surface = density([2050.0] * 50 + [4050.0], [1050.0] * 50 + [4050.0], plan)
    row, column = np.unravel_index(surface.argmax(), surface.shape)
    left, bottom, _, _ = plan.lattice.bounds
    assert (left + column * 100, bottom + row * 100) == (2000, 1000)
    assert surface.max() == pytest.approx(50 / (2 * np.pi * 0.2**2), rel=0.03)
