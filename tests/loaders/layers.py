"""Makes small layers for tests of readers: squares with a code and a name."""

from pathlib import Path
from typing import Any

import geopandas as gpd
from shapely.geometry import box


def squares(count: int = 3, crs: str | None = "EPSG:4326", **columns: list[Any]) -> gpd.GeoDataFrame:
    """`count` squares in a row near Qingdao, with codes C0, C1 … and Chinese names."""
    shapes = [box(120.3 + at * 0.01, 36.0, 120.31 + at * 0.01, 36.01) for at in range(count)]
    names = {"code": [f"C{at}" for at in range(count)], "name": [f"网格{at}" for at in range(count)]}
    return gpd.GeoDataFrame({**names, **columns}, geometry=shapes, crs=crs)


def shapefile(folder: Path, encoding: str = "utf-8", drop: tuple[str, ...] = (), **more: Any) -> Path:
    """The same as a shapefile, without the parts that `drop` names."""
    path = folder / "cells.shp"
    squares(**more).to_file(path, encoding=encoding, engine="pyogrio")
    for suffix in drop:
        path.with_suffix(suffix).unlink(missing_ok=True)
    return path
