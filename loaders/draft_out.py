"""A draft on its way out: as a file to load, in words, and as counts for scripts."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geo.datums import FloatArray
from geo.metric import MetricPlane
from geo.vertices import as_shapes
from loaders.features import feature_collection


def as_geojson(cells: pd.DataFrame) -> dict[str, Any]:
    """FeatureCollection in WGS-84 as `load cells` reads it."""
    plain = cells.drop(columns="geometry").astype(object)
    rows = [dict(zip(plain.columns, row, strict=True)) for row in plain.where(plain.notna(), None).to_numpy()]
    return feature_collection(rows, cells["geometry"])


def told(cells: pd.DataFrame, out: Path) -> str:
    """A draft in words: how many cells of which size, and what to do with them."""
    size, count = _sizes(cells), cells["community"].nunique()
    lines = [
        f"{len(cells):,} cells in {count:,} communities, {size.min() / 1e4:,.2f} to {size.max() / 1e4:,.2f} ha"
        f" (median {np.median(size) / 1e4:,.2f}), are in {out}."
    ]
    if cells["households"].notna().any():
        homes = cells["households"]
        lines.append(f"{homes.sum():,} households, {homes.min():,} to {homes.max():,} a cell.")
    return "\n".join([*lines, f"Look at them on a map, then: manage.py load cells {out}"])


def as_json(cells: pd.DataFrame, out: Path) -> dict[str, Any]:
    """Counts and sizes of a draft for scripts; square metres, households null when unknown."""
    size, homes = _sizes(cells), cells["households"]
    known = bool(homes.notna().any())
    return {
        "file": str(out), "cells": len(cells), "communities": int(cells["community"].nunique()),
        "smallest_m2": round(float(size.min())), "largest_m2": round(float(size.max())),
        "households": int(homes.sum()) if known else None, "fewest_households": int(homes.min()) if known else None,
        "most_households": int(homes.max()) if known else None,
    }  # fmt: skip


def _sizes(cells: pd.DataFrame) -> FloatArray:
    shapes = as_shapes(cells["geometry"])
    return np.asarray(shapely.area(MetricPlane(shapes).lay(shapes)), dtype=np.float64)
