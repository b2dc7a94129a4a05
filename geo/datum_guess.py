"""Which datum are these coordinates in? Asked of points whose true area is known by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike
from scipy.stats import binomtest
from shapely.geometry.base import BaseGeometry

from geo.crs import to_wgs84
from geo.errors import InputError
from geo.vertices import as_shapes

DEGREE_DATUMS = ("EPSG:4326", "gcj02", "bd09")
# CGCS2000 3-degree Gauss-Krüger, central meridians 75°–135° E: with zone prefix, then without (EPSG registry).
GAUSS_KRUEGER = tuple(f"EPSG:{code}" for code in (*range(4513, 4534), *range(4534, 4555)))
WEB_MERCATOR = "EPSG:3857"
SURE = 0.01


@dataclass(frozen=True)
class DatumGuess:
    """The datum that puts most points into their named area.

    table: datum, swapped, inside, asked, share, the best first. p_value: how often a runner-up that is truly as good
    would lose by this much (two-sided sign test over the points on which the two differ); sure: p_value < 1 %.
    """

    datum: str
    swapped: bool
    inside: int
    asked: int
    p_value: float
    table: pd.DataFrame

    @property
    def sure(self) -> bool:
        """Whether the best beats the second best by more than chance would."""
        return self.inside > 0 and self.p_value < SURE


def guess_datum(
    x: ArrayLike, y: ArrayLike, names: Sequence[str | None], areas: Mapping[str, BaseGeometry]
) -> DatumGuess:
    """Try every datum of the field, both ways round, on points (x, y) whose area (WGS-84 polygon by name) is known.

    Points without numbers or whose name is not among `areas` are not asked. Degrees are tried as WGS-84/CGCS2000,
    GCJ-02 and BD-09, metres as Gauss-Krüger and web Mercator. Raises InputError when no point can be asked.
    """
    east, north = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    known = np.array([name is not None and name in areas for name in names], dtype=bool)
    asked = np.flatnonzero(known & np.isfinite(east) & np.isfinite(north))
    if not len(asked):
        raise InputError("No point names an area that is known: load areas first, or choose the column with --name.")
    polygons = as_shapes([areas[str(names[int(at)])] for at in asked])
    shapely.prepare(polygons)
    hits = {way: _inside(east[asked], north[asked], *way, polygons) for way in _ways(east[asked], north[asked])}
    ranked = sorted(hits, key=lambda way: -int(hits[way].sum()))
    table = pd.DataFrame(
        [(datum, swapped, int(hits[datum, swapped].sum()), len(asked)) for datum, swapped in ranked],
        columns=["datum", "swapped", "inside", "asked"],
    )
    table["share"] = table["inside"] / table["asked"]
    best = ranked[0]
    return DatumGuess(*best, int(hits[best].sum()), len(asked), _p_value(hits, ranked), table)


def _ways(x: np.ndarray, y: np.ndarray) -> list[tuple[str, bool]]:
    """Datum and whether x and y are exchanged; degrees and metres are told apart by their size."""
    degrees = max(np.median(np.abs(x)), np.median(np.abs(y))) <= 360
    datums = DEGREE_DATUMS if degrees else (*GAUSS_KRUEGER, WEB_MERCATOR)
    return [(datum, swapped) for datum in datums for swapped in (False, True)]


def _inside(x: np.ndarray, y: np.ndarray, datum: str, swapped: bool, polygons: np.ndarray) -> np.ndarray:
    lon, lat = to_wgs84(y, x, datum) if swapped else to_wgs84(x, y, datum)
    usable = np.isfinite(lon) & np.isfinite(lat)
    found = np.zeros(len(x), dtype=bool)
    found[usable] = shapely.intersects_xy(polygons[usable], lon[usable], lat[usable])
    return found


def _p_value(hits: Mapping[tuple[str, bool], np.ndarray], ranked: Sequence[tuple[str, bool]]) -> float:
    """Sign test (McNemar's exact test) of the best against the second best."""
    first, second = hits[ranked[0]], hits[ranked[1]]
    won, lost = int((first & ~second).sum()), int((second & ~first).sum())
    return 1.0 if won + lost == 0 else float(binomtest(won, won + lost).pvalue)
