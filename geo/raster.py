"""A raster of squares over polygons: most squares lie in one polygon and answer at once, the rest keep their edges.

Exact: what double precision cannot decide is left open, for GEOS to say. The frames are built in geo.frames, laid and
asked by the compiled loops of geo.kernels.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import shapely

from geo import kernels
from geo.compiling import cores
from geo.datums import FloatArray
from geo.edges import Ints, Longs, outlines_of
from geo.frames import FrameBuilder
from geo.kernels import DOUBT
from geo.vertices import Shapes

# Coordinates outside these bounds could overflow or vanish when multiplied.
_PLAIN = (1e-100, 1e100)
# Points that one thread is given at once.
_CHUNK = 1 << 17
_NONE = np.empty(0, dtype=np.int64)


class Raster:
    """Positions of valid polygons, in any plane coordinates, that answer which of them a point intersects."""

    def __init__(self, shapes: Shapes, threads: int | None = None) -> None:
        self._threads = threads or cores()
        self._outlines = outlines_of(shapes)
        self._extent = self._outlines.extent
        self._frames, self._codes, self._lists = FrameBuilder(self._outlines, self._threads).build()

    @staticmethod
    def can_hold(shapes: Shapes) -> bool:
        """Whether coordinates are of a size that products of two neither overflow nor vanish."""
        largest = float(np.abs(shapely.total_bounds(shapes)).max())
        return _PLAIN[0] < largest < _PLAIN[1]

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(table.nbytes for table in self._tables)

    def locate(self, x: FloatArray, y: FloatArray) -> tuple[Ints, Longs]:
        """The lowest polygon of each point (-1 for none, NaN and infinity), and which points are left undecided.

        x and y: contiguous arrays of one length. int32 of that length; rows of it that mean nothing.
        """
        out = np.empty(len(x), dtype=np.int32)

        def part(begin: int) -> int:
            at = slice(begin, begin + _CHUNK)
            return int(kernels.ask(x[at], y[at], self._extent, *self._tables, out[at]))

        begins = range(0, len(x), _CHUNK)
        if len(begins) < 2 or self._threads < 2:
            undecided = sum(map(part, begins))
        else:
            with ThreadPoolExecutor(self._threads) as pool:
                undecided = sum(pool.map(part, begins))
        return out, np.flatnonzero(out == DOUBT) if undecided else _NONE

    @property
    def _tables(self) -> tuple[FloatArray, FloatArray, Ints, Ints]:
        return self._outlines.xy, self._frames, self._codes, self._lists
