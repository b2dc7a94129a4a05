"""Gaps, overlaps, holes, slivers and nearly matching borders: what clusters of pieces are called."""

from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.topology.clusters import Cluster, clusters
from geo.topology.coverage import Coverage
from geo.topology.finding import Defect, Kind
from geo.topology.pieces import Piece, gaps
from geo.topology.tolerances import Tolerances
from geo.vertices import Shapes, as_shapes


def mismatches(coverage: Coverage, overlaps: Sequence[Piece], expected: BaseGeometry | None) -> Iterator[Defect]:
    """One defect for every cluster of overlaps and gaps; none where a cell is concerned whose shape cannot be trusted.

    `overlaps` are those left when cells drawn twice are set aside.
    """
    trusted = [piece for piece in (*overlaps, *gaps(coverage, expected)) if coverage.sound[list(piece.cells)].all()]
    found = clusters(trusted, coverage.tolerances.sliver_m)
    for cluster, ground in zip(found, _grounds(found), strict=True):
        yield _named(cluster, ground, coverage)


def _grounds(found: Sequence[Cluster]) -> Shapes:
    """The joint ground of each cluster; only where pieces overlap or share an edge must they be united."""
    pieces = as_shapes(piece.shape for cluster in found for piece in cluster)
    owner = np.repeat(np.arange(len(found)), [len(cluster) for cluster in found])
    grounds = np.asarray(shapely.multipolygons(pieces, indices=owner), dtype=np.object_)
    for at in np.flatnonzero(~shapely.is_valid(grounds)).tolist():
        grounds[at] = shapely.union_all(shapely.get_parts(grounds[at]))
    return np.where(shapely.get_num_geometries(grounds) == 1, shapely.get_geometry(grounds, 0), grounds)


def _named(cluster: Cluster, ground: BaseGeometry, coverage: Coverage) -> Defect:
    worst = max(cluster, key=lambda piece: piece.width_m)
    kind, variant = _kind(worst, coverage)
    order: dict[int, float] = {}
    for piece in cluster:
        for cell in piece.cells:
            order[cell] = order.get(cell, 0.0) + piece.area_m2
    cells = sorted(order, key=lambda cell: (-round(order[cell], 6), cell))
    rows = tuple(int(coverage.rows[cell]) for cell in cells)
    return Defect(kind, rows, ground, variant, _also(cluster, worst))


def _kind(worst: Piece, coverage: Coverage) -> tuple[Kind, str]:
    limits: Tolerances = coverage.tolerances
    if worst.owners == 0 and len(worst.cells) == 1 and not worst.edge and _inside(worst, coverage):
        return "hole", "cell"
    variant = "overlap" if worst.owners else "gap"
    if worst.width_m < limits.near_m:
        return "near", variant
    if worst.width_m < limits.sliver_m:
        return "sliver", variant
    if worst.owners:
        return "overlap", ""
    if worst.edge:
        return "gap", "edge"
    smallest = min((coverage.area_m2[cell] for cell in worst.cells), default=float("inf"))
    return ("hole", "coverage") if worst.area_m2 >= limits.room * smallest else ("gap", "")


def _inside(piece: Piece, coverage: Coverage) -> bool:
    """True when the cell lies all around the piece."""
    cell = coverage.shapes[piece.cells[0]]
    filled = [shapely.Polygon(part.exterior) for part in shapely.get_parts(cell)]
    return bool(shapely.covers(shapely.union_all(filled), piece.shape))


def _also(cluster: Cluster, worst: Piece) -> str:
    """What the cluster holds of the other sort, in words."""
    other = sum(piece.area_m2 for piece in cluster if piece.owners != worst.owners)
    if other < 1:
        return ""
    return f", and {other:,.0f} m² beside it " + ("belong to two cells" if worst.owners == 0 else "belong to none")
