"""Grow connected groups of faces: the smallest group joins a neighbour, again and again, until enough are left."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass
class Group:
    """Faces joined so far, with what the choice of a partner needs."""

    members: list[int]
    weight: float
    area: float
    length: float
    beside: dict[int, float] = field(default_factory=dict)  # group -> length of the common border


def common_borders(faces: NDArray[np.object_], least: float = 0.5) -> dict[tuple[int, int], float]:
    """Length of the border that each pair of faces shares, in the unit of the faces; corners do not count."""
    left, right = shapely.STRtree(faces).query(faces, predicate="intersects")
    keep = left < right
    left, right = left[keep], right[keep]
    rings = shapely.boundary(faces)
    lengths = shapely.length(shapely.intersection(rings[left], rings[right]))
    pairs = zip(left.tolist(), right.tolist(), lengths.tolist(), strict=True)
    return {(a, b): length for a, b, length in pairs if length > least}


def grow(faces: NDArray[np.object_], weights: NDArray[Any], borders: dict[tuple[int, int], float], wanted: int,
         alone: NDArray[np.bool_] | None = None) -> Ints:  # fmt: skip
    """Number of the group of each face: exactly `wanted` connected groups without holes, of like weight.

    `faces` must touch one another as `borders` (see common_borders) says; faces marked `alone` stay groups of one.
    Groups are numbered by their lowest face. Raises ValueError when so few groups cannot be had.
    """
    groups = _singles(faces, weights, borders)
    stuck = {number for number in groups if alone is not None and alone[number]}
    while len(groups) > wanted:
        free = [number for number in groups if number not in stuck]
        if not free:
            raise ValueError(f"no way to make {wanted} groups of {len(faces)} faces")
        small = min(free, key=lambda number: groups[number].weight)
        partner = _partner(small, groups, faces, alone)
        if partner is None:
            stuck.add(small)
            continue
        _join(groups, partner, small)
        stuck = {n for n in stuck if n in groups and alone is not None and alone[n] and len(groups[n].members) == 1}
    return _labels(groups, len(faces))


def _singles(
    faces: NDArray[np.object_], weights: NDArray[Any], borders: dict[tuple[int, int], float]
) -> dict[int, Group]:
    area, length = shapely.area(faces), shapely.length(faces)
    groups = {i: Group([i], float(weights[i]), float(area[i]), float(length[i])) for i in range(len(faces))}
    for (a, b), common in borders.items():
        groups[a].beside[b] = common
        groups[b].beside[a] = common
    return groups


def _partner(small: int, groups: dict[int, Group], faces: NDArray[np.object_],
             alone: NDArray[np.bool_] | None) -> int | None:  # fmt: skip
    """The neighbour that makes the lightest and roundest union; none when every union would enclose a hole."""
    group = groups[small]

    def cost(other: int) -> float:
        length = group.length + groups[other].length - 2 * group.beside[other]
        roundness = 4 * np.pi * (group.area + groups[other].area) / length**2
        return float((group.weight + groups[other].weight) / roundness**1.2)

    choices = [other for other in group.beside if alone is None or not alone[other]]
    for other in sorted(choices, key=lambda other: (cost(other), other)):
        union = shapely.union_all(faces[group.members + groups[other].members])
        if isinstance(union, shapely.Polygon) and not union.interiors:
            return other
    return None


def _join(groups: dict[int, Group], host: int, guest: int) -> None:
    gone, kept = groups.pop(guest), groups[host]
    kept.length += gone.length - 2 * kept.beside.pop(guest)
    kept.members += gone.members
    kept.weight += gone.weight
    kept.area += gone.area
    for other, common in gone.beside.items():
        if other != host:
            groups[other].beside.pop(guest)
            kept.beside[other] = kept.beside.get(other, 0.0) + common
            groups[other].beside[host] = kept.beside[other]


def _labels(groups: dict[int, Group], faces: int) -> Ints:
    labels = np.full(faces, -1, dtype=np.int64)
    for number, group in enumerate(sorted(groups.values(), key=lambda group: min(group.members))):
        labels[group.members] = number
    return labels


def apportioned(total: int, weights: NDArray[Any], least: int = 0) -> Ints:
    """Whole numbers that sum to `total` in proportion to the weights (largest remainder), each at least `least`."""
    rest = total - least * len(weights)
    exact = rest * weights / weights.sum()
    whole = np.floor(exact).astype(np.int64)
    whole[np.argsort(whole - exact, kind="stable")[: rest - int(whole.sum())]] += 1
    return np.asarray(whole + least)
