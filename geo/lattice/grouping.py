"""Blocks grouped into contiguous, compact cells of about equal weight, always the same for the same blocks."""

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.adjacency import contiguous, pieces
from geo.datums import FloatArray
from geo.vertices import Shapes

Beside = Mapping[int, Mapping[int, float]]
Group = NDArray[np.intp]

_ROUNDS = 60
# How many squared shares of a target one border of a group's radius is worth.
_COMPACT = 0.05


def balanced_groups(blocks: Shapes, beside: Beside, weight: FloatArray, kin: NDArray[np.intp], target: float) -> Group:
    """Group number of each block (polygons in metres): groups stay inside one kin and hang together.

    A contiguous piece of one kin becomes round(weight / target) groups, at least one: seeds far apart, the lightest
    group takes the nearest free block beside it, then blocks at the edge change over while that makes weights more
    equal or shapes more compact.
    """
    group = np.full(len(blocks), -1, dtype=np.intp)
    centre = shapely.get_coordinates(shapely.centroid(blocks))
    made = 0
    for member in np.unique(kin):
        for piece in pieces(np.flatnonzero(kin == member).tolist(), beside):
            total = float(weight[list(piece)].sum())
            count = min(len(piece), max(1, round(total / target)))
            own = _grown(piece, count, centre, weight, beside)
            _improve(own, centre, weight, beside, total / count)
            for block, number in own.items():
                group[block] = made + number
            made += count
    return group


def _grown(piece: Sequence[int], count: int, centre: FloatArray, weight: FloatArray, beside: Beside) -> dict[int, int]:
    seeds = _seeds(piece, count, centre)
    own = {seed: number for number, seed in enumerate(seeds)}
    load = [float(weight[seed]) for seed in seeds]
    free = set(piece) - set(seeds)
    while free:
        for number in sorted(range(count), key=lambda each: (load[each], each)):
            edge = {near for block, owner in own.items() if owner == number for near in beside[block]} & free
            if edge:
                chosen = min(edge, key=lambda block: (_far(centre, block, seeds[number]), block))
                own[chosen] = number
                load[number] += float(weight[chosen])
                free.remove(chosen)
                break
    return own


def _seeds(piece: Sequence[int], count: int, centre: FloatArray) -> list[int]:
    """Blocks far from each other: the one farthest from the middle first, then always the one farthest from all."""
    here = centre[list(piece)]
    distance = np.hypot(*(here - here.mean(axis=0)).T)
    seeds = [piece[int(np.argmax(distance))]]
    least = np.hypot(*(here - centre[seeds[0]]).T)
    while len(seeds) < count:
        seeds.append(piece[int(np.argmax(least))])
        least = np.minimum(least, np.hypot(*(here - centre[seeds[-1]]).T))
        least[[piece.index(seed) for seed in seeds]] = -1.0
    return seeds


def _far(centre: FloatArray, one: int, other: int) -> float:
    return round(float(np.hypot(*(centre[one] - centre[other]))), 3)


def _improve(own: dict[int, int], centre: FloatArray, weight: FloatArray, beside: Beside, target: float) -> None:
    """Move blocks between neighbouring groups, best move first, while the sum of penalties falls."""
    for _ in range(_ROUNDS * max(1, len(set(own.values())))):
        gain, block, number = _best_move(own, centre, weight, beside, target)
        if gain <= 1e-9:
            return
        own[block] = number


def _best_move(
    own: dict[int, int], centre: FloatArray, weight: FloatArray, beside: Beside, target: float
) -> tuple[float, int, int]:
    members: dict[int, set[int]] = {}
    for block, number in own.items():
        members.setdefault(number, set()).add(block)
    penalty = {number: _penalty(blocks, centre, weight, target) for number, blocks in members.items()}
    tried = []
    for block in sorted(own):
        here = own[block]
        for there in sorted({own[near] for near in beside[block] if near in own} - {here}):
            if len(members[here]) > 1:
                after = _penalty(members[here] - {block}, centre, weight, target)
                after += _penalty(members[there] | {block}, centre, weight, target)
                tried.append((round(penalty[here] + penalty[there] - after, 9), block, there))
    for gain, block, there in sorted(tried, key=lambda move: (-move[0], move[1:])):
        if gain <= 0 or contiguous(members[own[block]] - {block}, beside):
            return gain, block, there
    return 0.0, -1, -1


def _penalty(blocks: set[int], centre: FloatArray, weight: FloatArray, target: float) -> float:
    """Squared distance from the target, and the spread of the blocks around their middle, both without unit."""
    listed = sorted(blocks)
    here = centre[listed]
    spread = float(((here - here.mean(axis=0)) ** 2).sum(axis=1).mean()) if len(listed) > 1 else 0.0
    room = float(np.ptp(here[:, 0]) * np.ptp(here[:, 1])) if len(listed) > 1 else 0.0
    lank = spread / room if room > 0 else (1.0 if len(listed) > 1 else 0.0)
    return (float(weight[listed].sum()) / target - 1) ** 2 + _COMPACT * lank
