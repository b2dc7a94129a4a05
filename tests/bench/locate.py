"""Points → cells: ours beside PostGIS, geopandas, SedonaDB and DuckDB spatial, answers compared point by point.

BEATGRID_BENCH_POINTS says how many points (10 million by default). Slow peers are asked a part of them: their speed
does not depend on how many. Peers' tables and indexes stand ready before their clock starts; ours starts at the bare
polygons, so that checking them and building the raster are in our time.
"""

import os
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numba
import numpy as np
import shapely

from geo import kernels
from geo.locate import CellIndex
from tests.bench import joins
from tests.bench.irregular import irregular_cells, random_points

SIDES = (10, 32, 100, 316)
# Part of the points that each peer is asked, and how often; the best time counts.
PEERS = (
    ("PostGIS", joins.postgis_join, 0.02, 1),
    ("geopandas", joins.geopandas_join, 0.1, 2),
    ("SedonaDB", joins.sedona_join, 1.0, 2),
    ("DuckDB spatial", joins.duckdb_join, 1.0, 2),
)
OURS_OFTEN = 5


class Spent(NamedTuple):
    """Seconds on the clock, and of processors of this process (PostGIS works in others)."""

    wall: float
    cpu: float


def main(count: int | None = None) -> None:
    """Print million points a second of each, for 100 to 100,000 cells, and what is left of the memory's own speed."""
    points = random_points(count or int(os.environ.get("BEATGRID_BENCH_POINTS", 10_000_000)))
    began = time.perf_counter()
    kernels.prepare()
    print(f"locate: {len(points[0]):,} points, {numba.config.NUMBA_NUM_THREADS} cores", end="; ")
    print(f"compiled loops ready after {time.perf_counter() - began:.2f} s")
    limit = len(points[0]) / _best(lambda: _stream(*points), OURS_OFTEN)[1].wall / 1e6
    print(f"  limit of the memory: {limit:.0f} M/s (reading x and y, writing int32, on all cores)")
    for side in SIDES:
        _compare(irregular_cells(side), points)


def _compare(cells: np.ndarray, points: joins.Points) -> None:
    count = len(points[0])
    print(f"\n  {len(cells):,} cells of {shapely.get_num_coordinates(cells[0])} vertices")
    print(f"    {'':<16}{'points':>12}{'s':>9}{'CPU s':>9}{'M/s':>9}{'ours is':>10}{'differ':>8}")
    index, building = _best(lambda: _built(cells), OURS_OFTEN)
    answer, asking = _best(lambda: index.locate(*points), OURS_OFTEN)
    whole = Spent(building.wall + asking.wall, building.cpu + asking.cpu)
    _print("ours", count, whole)
    _print("  to build", None, building, f"{index.nbytes / 1e6:9.1f} MB")
    _print("  to ask", count, asking)
    for name, peer, part, often in PEERS:
        some = tuple(axis[: max(1, int(count * part))] for axis in points)
        try:
            with peer(cells, some) as join:
                pairs, spent = _best(join, often)
        except ImportError as missing:
            print(f"    {name:<16}not installed: {missing.name}")
            continue
        differing = int((_lowest(*pairs, len(some[0])) != answer[: len(some[0])]).sum())
        times = spent.wall / len(some[0]) / (whole.wall / count)
        _print(name, len(some[0]), spent, f"{times:9.1f}×{differing:8,}")


def _built(cells: np.ndarray) -> CellIndex:
    """An index with its raster, as a process has it that asks many points."""
    index = CellIndex(cells)
    index.build()
    return index


@numba.njit(parallel=True, cache=True)
def _stream(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    out = np.empty(x.size, np.int32)
    for i in numba.prange(x.size):
        out[i] = x[i] > y[i]
    return out


def _lowest(rows: np.ndarray, cells: np.ndarray, count: int) -> np.ndarray:
    lowest = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(lowest, rows, cells)
    return np.where(lowest < np.iinfo(np.int64).max, lowest, -1)


def _best(work: Callable[[], Any], often: int) -> tuple[Any, Spent]:
    """The result, and the shortest of several times."""
    return min(_timed(work, often), key=lambda pair: pair[1].wall)


def _timed(work: Callable[[], Any], often: int) -> Iterator[tuple[Any, Spent]]:
    for _ in range(often):
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        yield result, Spent(time.perf_counter() - wall, time.process_time() - cpu)


def _print(name: str, count: int | None, spent: Spent, rest: str = "") -> None:
    points = "" if count is None else f"{count:,}"
    speed = "" if count is None else f"{count / spent.wall / 1e6:.2f}"
    print(f"    {name:<16}{points:>12}{spent.wall:9.3f}{spent.cpu:9.3f}{speed:>9} {rest}", flush=True)
