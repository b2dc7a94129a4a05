"""Pieces that one slip of the pen left behind, gathered, so that one defect is named once."""

from collections import Counter
from collections.abc import Sequence

from geo.adjacency import pieces as connected
from geo.topology.pieces import Piece, touching
from geo.vertices import as_shapes

# Cells that meet around one misplaced corner.
_CORNER_CELLS = 4

Cluster = list[Piece]
_Links = dict[int, dict[int, float]]


def clusters(pieces: Sequence[Piece], distance_m: float) -> list[Cluster]:
    """Groups of pieces that hang together and are one cell's doing; each piece in one group, the largest first.

    Pieces hang together when they share a cell and lie within `distance_m` of each other. A group that involves at most
    four cells, or in which one cell has part in every piece, is one slip. Larger tangles (a whole map drawn twice) are
    taken apart: each piece goes to that of its cells which has the most disputed ground.
    """
    links = _links(pieces, distance_m)
    found: list[Cluster] = []
    for group in connected(range(len(pieces)), links):
        involved = Counter(cell for at in group for cell in pieces[at].cells)
        one_slip = len(involved) <= _CORNER_CELLS or max(involved.values()) == len(group)
        found += [[pieces[at] for at in part] for part in ([group] if one_slip else _apart(group, pieces, links))]
    return sorted(found, key=lambda cluster: -sum(piece.area_m2 for piece in cluster))


def _links(pieces: Sequence[Piece], distance_m: float) -> _Links:
    links: _Links = {at: {} for at in range(len(pieces))}
    left, right = touching(as_shapes(piece.shape for piece in pieces), distance_m)
    for one, other in zip(left.tolist(), right.tolist(), strict=True):
        if set(pieces[one].cells) & set(pieces[other].cells):
            links[one][other] = links[other][one] = 1.0
    return links


def _apart(group: Sequence[int], pieces: Sequence[Piece], links: _Links) -> list[tuple[int, ...]]:
    ground: dict[int, float] = {}
    for at in group:
        for cell in pieces[at].cells:
            ground[cell] = ground.get(cell, 0.0) + pieces[at].area_m2
    owned: dict[int, list[int]] = {}
    for at in group:
        culprit = min(pieces[at].cells, key=lambda cell: (-ground[cell], cell))
        owned.setdefault(culprit, []).append(at)
    return [part for mine in owned.values() for part in connected(mine, links)]
