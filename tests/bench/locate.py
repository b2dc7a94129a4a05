"""Points → cells: ours beside geopandas, DuckDB spatial and PostGIS, answers compared point by point."""

import time
from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.locate import CellIndex
from tests.bench.irregular import irregular_cells, random_points

Points = tuple[np.ndarray, np.ndarray]
Locate = Callable[[np.ndarray, Points], np.ndarray]


def ours(cells: np.ndarray, points: Points) -> np.ndarray:
    """CellIndex, building included."""
    return CellIndex(cells).locate(*points)


def geopandas_join(cells: np.ndarray, points: Points) -> np.ndarray:
    """sjoin, then the lowest cell of each point."""
    left = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*points), crs=4326)
    right = gpd.GeoDataFrame({"cell": np.arange(len(cells))}, geometry=cells, crs=4326)
    return _lowest(gpd.sjoin(left, right, predicate="intersects")["cell"], len(points[0]))


def duckdb_join(cells: np.ndarray, points: Points) -> np.ndarray:
    """DuckDB's spatial join from Arrow tables."""
    import duckdb
    import duckdb_extension_spatial

    base = duckdb_extension_spatial.__path__[0]
    connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
    file = next(p for p in _walk(base) if p.endswith("spatial.duckdb_extension"))
    connection.execute(f"LOAD '{file}'")
    table = pd.DataFrame({"cell": np.arange(len(cells)), "wkb": shapely.to_wkb(cells)})  # noqa: F841 - read by DuckDB
    asked = pd.DataFrame({"id": np.arange(len(points[0])), "x": points[0], "y": points[1]})  # noqa: F841
    query = """SELECT a.id, min(c.cell) AS cell FROM (SELECT id, ST_Point(x, y) AS g FROM asked) a
               JOIN (SELECT cell, ST_GeomFromWKB(wkb) AS g FROM table) c ON ST_Intersects(c.g, a.g) GROUP BY a.id"""
    found = connection.execute(query.replace("FROM table", 'FROM "table"')).df()
    return _lowest(found.set_index("id")["cell"], len(points[0]))


def _walk(folder: str) -> list[str]:
    import pathlib

    return [str(path) for path in pathlib.Path(folder).rglob("*")]


def _lowest(found: pd.Series, count: int) -> np.ndarray:
    lowest = found.groupby(level=0).min()
    answer = np.full(count, -1, dtype=np.int64)
    answer[lowest.index.to_numpy()] = lowest.to_numpy()
    return answer


def main(count: int = 1_000_000) -> None:
    """Print million points a second of each, and the ratio to ours; refuse to print when answers differ."""
    points = random_points(count)
    for side in (10, 100):
        cells = irregular_cells(side)
        print(f"\nlocate: {count:,} points, {len(cells):,} cells of {shapely.get_num_coordinates(cells[0])} vertices")
        reference, base = _timed(ours, cells, points)
        print(f"  {'ours':<14}{count / base / 1e6:7.2f} M/s")
        for name, peer in (("geopandas", geopandas_join), ("DuckDB spatial", duckdb_join)):
            answer, seconds = _timed(peer, cells, points)
            differing = int((answer != reference).sum())
            print(f"  {name:<14}{count / seconds / 1e6:7.2f} M/s   ours is {seconds / base:5.2f} × as fast, {differing} differ")


def _timed(locate: Locate, cells: np.ndarray, points: Points) -> tuple[np.ndarray, float]:
    began = time.perf_counter()
    answer = locate(cells, points)
    return answer, time.perf_counter() - began
