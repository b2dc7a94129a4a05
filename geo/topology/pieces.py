"""Ground that two cells claim, and ground between cells that none claims, as separate pieces."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Literal

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.topology.chunks import in_chunks
from geo.topology.contacts import bordering
from geo.topology.coverage import Coverage, Rows
from geo.topology.plane import polygons, width, without_hairs
from geo.topology.strips import open_strips
from geo.vertices import Shapes, as_shapes


@dataclass(frozen=True)
class Piece:
    """A polygon in metres that has two owners, or none, and the cells (positions in the coverage) concerned.

    `edge`: it lies at the outer edge of the map, where only the areas say that a cell is missing.
    """

    shape: BaseGeometry
    owners: Literal[0, 2]
    cells: tuple[int, ...]
    width_m: float
    area_m2: float
    edge: bool = False


def overlaps(coverage: Coverage) -> list[Piece]:
    """Every piece of ground that two cells share, thinner than the same line left out."""
    disputed = coverage.disputed
    at, right = coverage.tree.query(coverage.shapes[disputed], predicate="intersects")
    pairs = np.unique(np.sort(np.column_stack([disputed[at], right]), axis=1), axis=0)
    pairs = pairs[pairs[:, 0] < pairs[:, 1]]
    pairs = pairs[coverage.sound[pairs].all(axis=1)]
    common = np.concatenate(in_chunks(lambda some: _common(coverage, some), pairs))
    parts, owner = without_hairs(common, coverage.tolerances.same_m)
    wide, area = width(parts), shapely.area(parts)
    return [
        Piece(parts[k], 2, (int(pairs[owner[k], 0]), int(pairs[owner[k], 1])), float(wide[k]), float(area[k]))
        for k in np.flatnonzero(wide >= coverage.tolerances.same_m)
    ]


def _common(coverage: Coverage, pairs: Rows) -> Shapes:
    one, other = coverage.shapes[pairs[:, 0]], coverage.shapes[pairs[:, 1]]
    return np.asarray(shapely.intersection(one, other, grid_size=coverage.tolerances.grid_m), dtype=np.object_)


def claimed(pieces: Iterable[Piece]) -> dict[int, list[BaseGeometry]]:
    """The pieces in which each cell has part; nothing for the others."""
    found: defaultdict[int, list[BaseGeometry]] = defaultdict(list)
    for piece in pieces:
        for cell in piece.cells:
            found[cell].append(piece.shape)
    return found


def gaps(coverage: Coverage, expected: BaseGeometry | None) -> list[Piece]:
    """Every piece of ground that no cell claims: enclosed by cells, a narrow strip between two, or left bare of the
    ground `expected` to be covered (metres; None: nothing is expected)."""
    enclosed, bare = coverage.ground.enclosed, _bare(coverage, expected)
    strips = open_strips(coverage, np.concatenate([enclosed, bare]))
    return [*_pieces(coverage, np.concatenate([enclosed, strips]), edge=False), *_pieces(coverage, bare, edge=True)]


def _pieces(coverage: Coverage, found: Shapes, *, edge: bool) -> list[Piece]:
    parts = without_hairs(found, coverage.tolerances.same_m)[0]
    wide = width(parts)
    real = wide >= coverage.tolerances.same_m
    parts, wide = parts[real], wide[real]
    cells = list(chain.from_iterable(in_chunks(lambda some: bordering(coverage, some), parts)))
    measured = zip(parts, cells, wide.tolist(), shapely.area(parts).tolist(), strict=True)
    return [Piece(shape, 0, beside, thick, area, edge) for shape, beside, thick, area in measured]


def _bare(coverage: Coverage, expected: BaseGeometry | None) -> Shapes:
    if expected is None:
        return as_shapes([])
    grid_m = coverage.tolerances.grid_m
    left = polygons(as_shapes([shapely.difference(expected, coverage.ground.filled, grid_size=grid_m)]))[0]
    # The outer edge of a map rarely repeats the areas' line exactly: only real ground counts there.
    return left[width(left) >= coverage.tolerances.sliver_m]


def touching(pieces: Shapes, distance_m: float) -> tuple[Rows, Rows]:
    """Pairs (left < right) of pieces no further apart than `distance_m`."""
    left, right = shapely.STRtree(pieces).query(pieces, predicate="dwithin", distance=distance_m)
    return left[left < right], right[left < right]
