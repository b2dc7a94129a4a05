"""What a cell shows by itself: islands and detached parts, cells too thin to walk in, cells without a beat."""

from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.topology.coverage import Coverage
from geo.topology.finding import Defect
from geo.topology.pieces import Piece, claimed
from geo.topology.plane import width

Texts = Sequence[str | None]
# A cell or part that lies for the most part in another cell is told as an overlap.
_MOSTLY = 0.5


def islands(coverage: Coverage, concerned: set[int], overlaps: Sequence[Piece]) -> Iterator[Defect]:
    """Cells that touch no other, unless a gap around them is told (`concerned`: rows); and detached parts of cells."""
    same = coverage.tolerances.same_m
    one, other = coverage.tree.query(coverage.shapes, predicate="dwithin", distance=same)
    touched = np.zeros(len(coverage.shapes), dtype=np.bool_)
    touched[one[one != other]] = True
    parts = shapely.get_num_geometries(coverage.shapes)
    twice = claimed(overlaps)
    for cell in np.flatnonzero(coverage.sound & (~touched | (parts > 1))).tolist():
        row = int(coverage.rows[cell])
        if not touched[cell] and row not in concerned and len(coverage.shapes) > 1:
            yield Defect("island", (row,), coverage.shapes[cell], "cell")
        elif parts[cell] > 1:
            yield from _detached(coverage, cell, twice.get(cell, []))


def _detached(coverage: Coverage, cell: int, twice: Sequence[BaseGeometry]) -> Iterator[Defect]:
    # Parts that only rounding keeps apart are one.
    parts = shapely.get_parts(shapely.union_all([coverage.shapes[cell]], grid_size=coverage.tolerances.grid_m))
    smaller = np.delete(parts, int(np.argmax(shapely.area(parts))))
    free = shapely.area(shapely.difference(smaller, shapely.union_all(twice))) > _MOSTLY * shapely.area(smaller)
    if free.any():
        count = f"{int(free.sum())} detached part" + ("s" if free.sum() > 1 else "")
        yield Defect("island", (int(coverage.rows[cell]),), shapely.union_all(smaller[free]), "part", count)


def thin_cells(coverage: Coverage, overlaps: Sequence[Piece]) -> Iterator[Defect]:
    """Cells thinner than `cell_m`, unless most of them is told as an overlap."""
    thin = coverage.sound & (width(coverage.shapes) < coverage.tolerances.cell_m)
    twice = claimed(overlaps)
    for cell in np.flatnonzero(thin).tolist():
        shape = coverage.shapes[cell]
        if shapely.difference(shape, shapely.union_all(twice.get(cell, []))).area > _MOSTLY * shape.area:
            yield Defect("sliver", (int(coverage.rows[cell]),), shape, "cell")


def beatless(beats: Texts) -> Iterator[Defect]:
    """Rows that name no beat."""
    for row, beat in enumerate(beats):
        if beat is None:
            yield Defect("beatless", (row,), None)
