"""How a raster is built: the first frame over everything, in bands of rows, then finer frames on crowded squares.

Rounding. A point's square follows from its coordinates by operations that never turn around the order of two values,
so what lies beyond another stays beyond. An edge is laid into every square whose sides, widened by 2⁻¹⁰ of a square,
it touches; squares are at least 2⁻³⁶ of the largest coordinate wide, so that this margin is at least 64 times the
distance of neighbouring doubles, and the two or three roundings on the way move no point and no edge across it.
"""

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from geo import kernels
from geo.datums import FloatArray
from geo.edges import Flags, Ints, Longs, Outlines
from geo.kernels import DOUBT

# Squares of the first frame by number of edges, between these bounds (4 bytes each).
_SQUARES_AN_EDGE = 6
_FEWEST, _MOST_SQUARES = 1 << 18, 1 << 24
# Work that many overlapping or long cells may cost: squares of all cells' boxes, and edges in squares.
_MOST_BOXED = 1 << 27
_MOST_LISTED_BASE, _MOST_LISTED_AN_EDGE = 1 << 23, 8
# A list with more edges and cells than this gets a finer frame, unless too many squares have one.
_LONG_LIST = 48
_MOST_FINER, _MOST_PARTS, _DEEPEST = 2048, 4096, 5
_CROWDED = 0.05
_FINER_SIDE, _SQUARES_A_WORD = 1024, 2
_SMALLEST = 2.0**-36
_BANDS = 16
_NONE = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class _Cells:
    """What `kernels.fill` lays: cells with edges and parities, and the code of squares without any."""

    cells: Ints
    parities: Flags
    starts: Longs
    edges: Ints
    tail: int = -1


@dataclass
class _Part:
    """A frame with its codes and the lists that these count from."""

    frame: FloatArray
    codes: Ints
    lists: Ints
    depth: int = 0


class FrameBuilder:
    """Builds frames, codes and lists (see geo.kernels) of outlines, on several threads; any number gives the same."""

    def __init__(self, outlines: Outlines, threads: int) -> None:
        self._outlines, self._threads = outlines, threads
        self._extent = outlines.extent

    def build(self) -> tuple[FloatArray, Ints, Ints]:
        """Frames, codes and lists."""
        with ThreadPoolExecutor(self._threads) as pool:
            first, heavy = self._lay_first(pool)
        return _joined(self._refined(first, heavy))

    # -- the first frame

    def _lay_first(self, pool: ThreadPoolExecutor) -> tuple[_Part, Longs]:
        outlines, count = self._outlines, len(self._outlines.boxes)
        outside = np.zeros(count, dtype=np.bool_)
        cells = _Cells(np.arange(count, dtype=np.int32), outside, outlines.starts, outlines.edges << 2)
        west, south, east, north = self._extent
        columns, rows = self._resolution()
        while True:
            frame = _frame(west, south, (east - west) / columns, (north - south) / rows, columns, rows)
            codes, lists, heavy = self._lay_bands(frame, cells, pool)
            if len(heavy) <= _MOST_FINER:
                return _Part(frame, codes, lists), heavy
            if len(heavy) > _CROWDED * columns * rows:
                # Cells overlap nearly everywhere: smaller squares would not help.
                return _Part(frame, codes, lists), _NONE
            # Very uneven: fewer, larger squares, of which the crowded get frames that suit them.
            columns, rows = max(1, columns // 4), max(1, rows // 4)

    def _lay_bands(self, frame: FloatArray, cells: _Cells, pool: ThreadPoolExecutor) -> tuple[Ints, Ints, Longs]:
        columns, rows = int(frame[4]), int(frame[5])
        codes = np.empty(columns * rows, dtype=np.int32)
        limits = np.linspace(0, rows, min(_BANDS, rows) + 1).astype(int)

        def lay(band: int) -> tuple[Ints, Longs]:
            first, last = int(limits[band]), int(limits[band + 1]) - 1
            part = codes[first * columns : (last + 1) * columns]
            lists, heavy = self._lay(frame, cells, first, last, part)
            return lists, heavy + first * columns

        laid = list(pool.map(lay, range(len(limits) - 1)))
        base = 0
        for band, (lists, _) in enumerate(laid):
            part = codes[int(limits[band]) * columns : int(limits[band + 1]) * columns]
            if base:
                part[part <= DOUBT] -= base
            base += len(lists)
        return codes, np.concatenate([lists for lists, _ in laid]), np.concatenate([heavy for _, heavy in laid])

    def _lay(self, frame: FloatArray, cells: _Cells, first: int, last: int, codes: Ints) -> tuple[Ints, Longs]:
        outlines = self._outlines
        loose, _ = kernels.fill(
            outlines.xy,
            frame,
            cells.cells,
            outlines.boxes,
            cells.starts,
            cells.edges,
            cells.parities,
            cells.tail,
            first,
            last,
            codes,
        )
        lists, used, heavy, heavies = kernels.pack(outlines.xy, codes, loose, _LONG_LIST)
        return lists[:used], heavy[:heavies]

    def _resolution(self) -> tuple[int, int]:
        boxes, extent = self._outlines.boxes, self._extent
        span = extent[2:] - extent[:2]
        most = np.maximum(1, np.minimum(self._most(*span), _MOST_SQUARES))
        edges = len(self._outlines.edges)
        squares = min(max(_SQUARES_AN_EDGE * edges, _FEWEST), _MOST_SQUARES)
        ratio = min(max(span[0] / span[1], 2.0**-8), 2.0**8)
        sides = np.minimum(np.array([np.sqrt(squares * ratio), np.sqrt(squares / ratio)]), most)
        while sides.max() > 1:
            boxed = ((boxes[:, 2:] - boxes[:, :2]) / span * sides + 2).prod(axis=1).sum()
            listed = edges + (np.array(self._outlines.lengths()) / span * sides).sum()
            if boxed <= _MOST_BOXED and listed <= _MOST_LISTED_BASE + _MOST_LISTED_AN_EDGE * edges:
                break
            sides = np.maximum(1, sides / 2)
        return max(1, int(sides[0])), max(1, int(sides[1]))

    # -- finer frames

    def _refined(self, first: _Part, heavy: Longs) -> list[_Part]:
        """The first frame and finer ones on squares with long lists, level by level, within the bounds on memory."""
        words = 2 * (_MOST_LISTED_BASE + _MOST_LISTED_AN_EDGE * len(self._outlines.edges)) - len(first.lists)
        squares = _MOST_SQUARES
        parts, waiting = [first], deque((first, int(square)) for square in heavy)
        while waiting and len(parts) <= _MOST_PARTS and words > 0 and squares > 0:
            parent, square = waiting.popleft()
            finer, heavy = self._finer(parent, square)
            if finer is None:
                continue
            block = -2 - parent.codes[square]
            parent.lists[block], parent.lists[block + 1] = -1, len(parts)
            parts.append(finer)
            words, squares = words - len(finer.lists), squares - len(finer.codes)
            if finer.depth < _DEEPEST:
                waiting.extend((finer, int(found)) for found in heavy)
        return parts

    def _finer(self, parent: _Part, square: int) -> tuple[_Part | None, Longs]:
        """A frame for one square, or None where it would not make lists much shorter."""
        cells = _Cells(*kernels.unfold(parent.lists, parent.codes[square]))
        words = 3 * len(cells.cells) + len(cells.edges)
        west, south, across, up, columns, *_ = parent.frame
        row, column = divmod(square, int(columns))
        side = int(min(max(np.sqrt(_SQUARES_A_WORD * words), 2), _FINER_SIDE, *self._most(1 / across, 1 / up)))
        if side < 2:
            return None, _NONE
        frame = _frame(west + column / across, south + row / up, 1 / across / side, 1 / up / side, side, side)
        codes = np.empty(side * side, dtype=np.int32)
        lists, heavy = self._lay(frame, cells, 0, side - 1, codes)
        if len(lists) > words * side * side / 2:
            return None, _NONE
        return _Part(frame, codes, lists.copy(), parent.depth + 1), heavy

    def _most(self, width: float, height: float) -> tuple[float, float]:
        """How often the sides of a rectangle may be divided until rounding counts."""
        largest = np.maximum(np.abs(self._extent[:2]), np.abs(self._extent[2:]))
        return float(width / largest[0] / _SMALLEST), float(height / largest[1] / _SMALLEST)


def _frame(west: float, south: float, width: float, height: float, columns: int, rows: int) -> FloatArray:
    # A hair less than the whole, so that the last point of the extent falls into the last square.
    shrunk = 1 - 2.0**-50
    return np.array([west, south, shrunk / width, shrunk / height, columns, rows, 0.0])


def _joined(parts: list[_Part]) -> tuple[FloatArray, Ints, Ints]:
    """Frames, codes and lists in one piece each, the code of points outside before all others."""
    frames = np.stack([part.frame for part in parts])
    frames[:, 6] = 1 + np.cumsum([0] + [len(part.codes) for part in parts[:-1]])
    base = 0
    for part in parts:
        if base:
            part.codes[part.codes <= DOUBT] -= base
        base += len(part.lists)
    outside = np.full(1, -1, dtype=np.int32)
    codes = np.concatenate([outside, *(part.codes for part in parts)])
    return frames, codes, np.concatenate([part.lists for part in parts])
