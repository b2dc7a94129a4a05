"""Point → cell: which of many polygons holds each of many points, exactly and in bounded memory."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike
from shapely.geometry.base import BaseGeometry

from geo.datums import FloatArray, Pair
from geo.errors import InputError
from geo.metric import MetricShapes, Positions
from geo.validity import first_invalid
from geo.vertices import as_shapes

# Points asked at once: about 100 MB of candidates, whatever the length of the whole.
_CHUNK = 200_000


class CellIndex:
    """Cells (WGS-84 polygons or multipolygons) that answer which of them holds a point.

    A point belongs to the lowest position among the cells that it intersects, so that borders and overlaps
    have one answer. `names` serve messages only. An index without cells is allowed. Can be pickled. Raises
    InputError naming the first cell whose geometry cannot be used, and why.
    """

    def __init__(self, polygons: Iterable[BaseGeometry], names: Sequence[str] | None = None) -> None:
        self._polygons = as_shapes(polygons)
        self._names = None if names is None else [str(name) for name in names]
        self._refuse_invalid()
        shapely.prepare(self._polygons)
        self._tree = shapely.STRtree(self._polygons)

    def __len__(self) -> int:
        return len(self._polygons)

    def __reduce__(self) -> tuple[Any, ...]:
        return CellIndex, (self._polygons, self._names)

    def locate(self, x: ArrayLike, y: ArrayLike) -> Positions:
        """Position of the cell that holds each point (lon, lat in degrees; two arrays of one length).

        int32 of that length; -1 outside every cell and for NaN or infinity.
        """
        lon, lat = _as_points(x, y)
        out = np.full(len(lon), -1, dtype=np.int32)
        for part in _chunks(len(lon)):
            out[part] = self._locate(lon[part], lat[part])
        return out

    def nearest(self, x: ArrayLike, y: ArrayLike, within_m: float) -> tuple[Positions, FloatArray]:
        """The cell that holds each point, else the nearest within `within_m` metres, and how far it is.

        int32 positions (-1 for none) and float64 metres (0 inside, NaN for -1). Of cells equally near
        to a millimetre the lowest wins. Raises InputError for a distance below 0.
        """
        if not within_m >= 0:
            raise InputError(f"The snapping distance is {within_m} m: give 0 or more metres.")
        lon, lat = _as_points(x, y)
        found = self.locate(lon, lat)
        metres = np.where(found >= 0, 0.0, np.nan)
        outside = np.flatnonzero((found < 0) & np.isfinite(lon) & np.isfinite(lat))
        for part in _chunks(len(outside) if len(self) else 0):
            rows = outside[part]
            found[rows], metres[rows] = self._metric.nearest(lon[rows], lat[rows], within_m)
        return found, metres

    def distance_m(self, x: ArrayLike, y: ArrayLike, positions: ArrayLike) -> FloatArray:
        """Metres from each point to the cell at its position: 0 inside or on the border, NaN for -1 or NaN
        points.

        Raises InputError for a position that no cell has.
        """
        lon, lat = _as_points(x, y)
        cells = self._as_positions(positions, len(lon))
        metres = np.full(len(lon), np.nan)
        asked = np.flatnonzero((cells >= 0) & np.isfinite(lon) & np.isfinite(lat))
        for part in _chunks(len(asked)):
            rows = asked[part]
            metres[rows] = self._distance(lon[rows], lat[rows], cells[rows])
        return metres

    def _locate(self, lon: FloatArray, lat: FloatArray) -> Positions:
        finite = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
        points = np.asarray(shapely.points(lon[finite], lat[finite]), dtype=np.object_)
        asked, cells = self._tree.query(points)
        rows = finite[asked]
        # Prepared cells answer faster than the tree's own predicate, which prepares the point instead.
        held = shapely.intersects_xy(self._polygons[cells], lon[rows], lat[rows])
        rows, cells = rows[held], cells[held]
        lowest = np.full(len(lon), len(self), dtype=np.int32)
        np.minimum.at(lowest, rows, cells.astype(np.int32))
        return np.where(lowest < len(self), lowest, np.int32(-1))

    def _distance(self, lon: FloatArray, lat: FloatArray, cells: Positions) -> FloatArray:
        inside = shapely.intersects_xy(self._polygons[cells], lon, lat)
        # What lies inside in degrees is inside, even where the projected border bends a millimetre past it.
        return np.where(inside, 0.0, self._metric.distance_m(lon, lat, cells))

    @cached_property
    def _metric(self) -> MetricShapes:
        return MetricShapes(self._polygons)

    def _refuse_invalid(self) -> None:
        if self._names is not None and len(self._names) != len(self._polygons):
            counts = f"{len(self._polygons)} cells came with {len(self._names)} names"
            raise InputError(f"{counts}: give exactly one name to each cell.")
        invalid = first_invalid(self._polygons)
        if invalid:
            position, found = invalid
            cell = f"position {position}" if self._names is None else self._names[position]
            raise InputError(f"Cell {cell} cannot be used: {'; '.join(found)}; mend its geometry first.")

    def _as_positions(self, positions: ArrayLike, count: int) -> Positions:
        cells = np.atleast_1d(np.asarray(positions))
        if cells.shape != (count,):
            raise InputError(f"{count} points came with {cells.size} positions: give one position to each point.")
        if ((cells < -1) | (cells >= len(self))).any():
            raise InputError(f"A position names no cell: use -1 for none, or 0 to {len(self) - 1}.")
        return cells.astype(np.int32)


def _as_points(x: ArrayLike, y: ArrayLike) -> Pair:
    lon = np.atleast_1d(np.asarray(x, dtype=np.float64))
    lat = np.atleast_1d(np.asarray(y, dtype=np.float64))
    if lon.ndim != 1 or lon.shape != lat.shape:
        raise InputError(f"{lon.size} longitudes came with {lat.size} latitudes: give two lists of one length.")
    return lon, lat


def _chunks(count: int) -> Iterator[slice]:
    for start in range(0, count, _CHUNK):
        yield slice(start, start + _CHUNK)
