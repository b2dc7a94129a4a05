"""Point → cell: which of many polygons holds each of many points, exactly and in bounded memory.

Two ways with the same answers. The tree asks GEOS about every point, about a million a second, and is there at once.
The raster (geo.raster) decides tens of millions a second and leaves to the tree the few that rounding leaves open,
but numba takes half a second to import and some seconds to compile what an installation has not kept yet
(`geo.kernels.prepare`). So an index takes to the raster once it has been asked enough points to be worth that.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import shapely
from numpy.typing import ArrayLike
from shapely.geometry.base import BaseGeometry

from geo.datums import FloatArray, Pair
from geo.errors import InputError
from geo.metric import MetricShapes, Positions
from geo.tree import PolygonTree
from geo.validity import first_invalid
from geo.vertices import Shapes, as_shapes

if TYPE_CHECKING:
    from geo.raster import Raster

# Points that the tree is asked at once: about 100 MB of candidates, whatever the length of the whole.
_CHUNK = 200_000
# Points from which a raster pays: with numba at work already, to import it, to compile.
_WORTH_BUILDING, _WORTH_IMPORTING, _WORTH_COMPILING = 20_000, 500_000, 5_000_000
_CHECKED_AT_ONCE, _CHECKERS = 2_000, 4


class CellIndex:
    """Cells (WGS-84 polygons or multipolygons) that answer which of them holds a point.

    A point belongs to the lowest position among the cells that it intersects, so that borders and overlaps
    have one answer. `names` serve messages only. An index without cells is allowed. Can be pickled. Raises
    InputError naming the first cell whose geometry cannot be used, and why.
    """

    _numba_at_work: ClassVar[bool] = False

    def __init__(self, polygons: Iterable[BaseGeometry], names: Sequence[str] | None = None) -> None:
        self._polygons = as_shapes(polygons)
        self._names = None if names is None else [str(name) for name in names]
        self._refuse_invalid()
        self._tree = PolygonTree(self._polygons)
        self._raster: Raster | None = None
        self._asked = 0

    def __len__(self) -> int:
        return len(self._polygons)

    def __reduce__(self) -> tuple[Any, ...]:
        return CellIndex, (self._polygons, self._names)

    @property
    def nbytes(self) -> int:
        """Bytes of the raster, beside the polygons themselves; 0 before there is one.

        About 64 for an edge, where cells do not overlap (20 MB for 10,000 cells of 33 vertices); never more
        than 1 GB and 400 for an edge.
        """
        return self._raster.nbytes if self._raster is not None else 0

    def locate(self, x: ArrayLike, y: ArrayLike) -> Positions:
        """Position of the cell that holds each point (lon, lat in degrees; two arrays of one length).

        int32 of that length; -1 outside every cell and for NaN or infinity.
        """
        lon, lat = _as_points(x, y)
        self._asked += len(lon)
        if self._raster is None and self._pays(self._asked):
            self.build()
        return self._by_tree(lon, lat) if self._raster is None else self._by_raster(self._raster, lon, lat)

    def build(self) -> None:
        """Make the raster now, as `locate` does by itself once it pays: when it is known that many points will come."""
        from geo.raster import Raster

        CellIndex._numba_at_work = True
        if self._raster is None and len(self) and Raster.can_hold(self._polygons):
            self._raster = Raster(self._polygons)

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

    def _by_tree(self, lon: FloatArray, lat: FloatArray) -> Positions:
        out = np.empty(len(lon), dtype=np.int32)
        for part in _chunks(len(lon)):
            out[part] = self._tree.locate(lon[part], lat[part])
        return out

    def _by_raster(self, raster: "Raster", lon: FloatArray, lat: FloatArray) -> Positions:
        found, undecided = raster.locate(lon, lat)
        found[undecided] = self._by_tree(lon[undecided], lat[undecided])
        return found

    @classmethod
    def _pays(cls, asked: int) -> bool:
        """Whether so many points are worth what a raster costs now; does not import numba for fewer."""
        if cls._numba_at_work or asked < _WORTH_IMPORTING:
            return cls._numba_at_work and asked >= _WORTH_BUILDING
        from geo import kernels

        return asked >= _WORTH_COMPILING or kernels.are_quick()

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
        invalid = _first_invalid(self._polygons)
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
    lon = np.atleast_1d(np.ascontiguousarray(x, dtype=np.float64))
    lat = np.atleast_1d(np.ascontiguousarray(y, dtype=np.float64))
    if lon.ndim != 1 or lon.shape != lat.shape:
        raise InputError(f"{lon.size} longitudes came with {lat.size} latitudes: give two lists of one length.")
    return lon, lat


def _first_invalid(polygons: Shapes) -> tuple[int, list[str]] | None:
    """The first unusable polygon and why, looked for in several parts at once: GEOS runs without Python's lock."""
    begins = range(0, len(polygons), _CHECKED_AT_ONCE)
    if len(begins) < 2:
        return first_invalid(polygons)
    with ThreadPoolExecutor(_CHECKERS) as pool:
        parts = pool.map(lambda begin: first_invalid(polygons[begin : begin + _CHECKED_AT_ONCE]), begins)
        return next(((begin + part[0], part[1]) for begin, part in zip(begins, parts, strict=True) if part), None)


def _chunks(count: int) -> Iterator[slice]:
    for start in range(0, count, _CHUNK):
        yield slice(start, start + _CHUNK)
