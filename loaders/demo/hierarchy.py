"""Who lies in whom: blocks grouped into cells, beats, communities, streets and stations, with exact counts."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from loaders.demo.blocks import Blocks
from loaders.demo.grouping import Floats, Ints, apportioned, common_borders, grow
from loaders.demo.sites import SITES, usual_block_m2

STREET_SEEDS = [  # (street number, x, y in local metres): a quarter belongs to the street of the nearest seed
    (0, -550, -1_900), (0, -450, -1_150), (1, -4_200, -700), (1, -2_800, -350), (1, -4_200, 550), (1, -2_500, 550),
    (2, -4_200, 1_900), (2, -2_700, 1_900), (2, -3_600, 2_900), (3, -900, 450), (3, -500, 1_500), (3, -500, 2_500),
    (4, 1_500, -700), (4, 1_500, 350), (5, 3_900, -900), (5, 4_100, 700), (5, 3_000, 2_300), (5, 1_300, 2_600),
    (5, 4_600, 2_600),
]  # fmt: skip
COMMUNITIES_OF_STREET = [6, 4, 3, 4, 3, 4]  # communities in each street
STATION_STREETS = [[0], [1, 2], [3], [4, 5]]
STATION_BEATS = [18, 21, 12, 21]
STATION_CELLS = [65, 74, 46, 75]
LEAST_CELLS, LEAST_BEATS = 7, 2


@dataclass(frozen=True)
class Hierarchy:
    """Numbers from 0; arrays are aligned with the blocks, or with the unit that the name begins with."""

    cell_of_block: Ints
    beat_of_cell: Ints
    community_of_cell: Ints
    community_of_beat: Ints
    street_of_community: Ints
    station_of_community: Ints
    site_of_cell: Ints  # -1: an ordinary cell
    weight_of_block: Floats  # in usual blocks; nearly nothing on hills


def make_hierarchy(blocks: Blocks) -> Hierarchy:
    """Group bottom up inside borders drawn top down, so that every line follows a street."""
    weight = _weights(blocks)
    community, street_of = _communities(blocks, weight)
    station_of = np.array([next(s for s, streets in enumerate(STATION_STREETS) if t in streets) for t in street_of])
    per_community = np.bincount(community, weight)
    cells = _shared_out(STATION_CELLS, station_of, per_community, LEAST_CELLS)
    beats = _shared_out(STATION_BEATS, station_of, cells**3.0, LEAST_BEATS)
    cell, cell_community = _nested(blocks.metres, weight, community, cells, blocks.site >= 0)
    shapes = merged(blocks.metres, cell)
    beat, beat_community = _nested(shapes, np.bincount(cell, weight), cell_community, beats, None)
    site = pd.Series(blocks.site).groupby(cell).max().to_numpy()
    return Hierarchy(cell, beat, cell_community, beat_community, street_of, station_of, site, weight)


def merged(faces: NDArray[np.object_], group: Ints) -> NDArray[np.object_]:
    """The union of the faces of each group, in order of group; inputs share their vertices."""
    return np.array([shapely.coverage_union_all(faces[group == g]) for g in range(group.max() + 1)])


def within(pairs: dict[tuple[int, int], float], chosen: Ints) -> dict[tuple[int, int], float]:
    """The borders between the chosen faces, renumbered by their place among the chosen."""
    place = {int(face): i for i, face in enumerate(chosen)}
    return {(place[a], place[b]): w for (a, b), w in pairs.items() if a in place and b in place}


def _weights(blocks: Blocks) -> Floats:
    centre = shapely.get_coordinates(shapely.centroid(blocks.metres))
    usual = np.array([usual_block_m2(x, y) for x, y in centre])
    busy = np.where(blocks.hill, 0.08, 1.0)
    for number, site in enumerate(SITES):
        busy[blocks.site == number] = {"port": 0.15, "park": 0.1, "beach": 0.3}.get(site.kind, 0.8)
    return np.asarray(np.clip(shapely.area(blocks.metres) / usual, 0.2, 6.0) * busy)


def _communities(blocks: Blocks, weight: Floats) -> tuple[Ints, Ints]:
    """Community of each block, and street of each community: quarters go to streets, then grow together."""
    quarters = merged(blocks.metres, blocks.quarter)
    pairs = common_borders(quarters)
    centre = shapely.get_coordinates(shapely.centroid(quarters))
    seeds = np.array(STREET_SEEDS, dtype=float)
    street = seeds[np.argmin(((centre[:, None] - seeds[None, :, 1:]) ** 2).sum(axis=2), axis=1), 0].astype(int)
    load = np.bincount(blocks.quarter, weight)
    community = np.full(len(quarters), -1, dtype=np.int64)
    for number, wanted in enumerate(COMMUNITIES_OF_STREET):
        mine = np.flatnonzero(street == number)
        community[mine] = grow(quarters[mine], load[mine], within(pairs, mine), wanted) + community.max() + 1
    return community[blocks.quarter], np.repeat(np.arange(len(COMMUNITIES_OF_STREET)), COMMUNITIES_OF_STREET)


def _shared_out(totals: list[int], station_of: Ints, weights: NDArray[Any], least: int) -> Ints:
    counts = np.zeros(len(station_of), dtype=np.int64)
    for station, total in enumerate(totals):
        mine = station_of == station
        counts[mine] = apportioned(total, weights[mine], least)
    return counts


def _nested(faces: NDArray[np.object_], weights: NDArray[Any], parent: Ints, counts: Ints,
            alone: NDArray[np.bool_] | None) -> tuple[Ints, Ints]:  # fmt: skip
    """Group of each face and parent of each group: every parent is cut into its own number of groups."""
    borders = common_borders(faces)
    group = np.full(len(faces), -1, dtype=np.int64)
    for number, wanted in enumerate(counts):
        mine = np.flatnonzero(parent == number)
        lonely = None if alone is None else alone[mine]
        group[mine] = grow(faces[mine], weights[mine], within(borders, mine), int(wanted), lonely) + group.max() + 1
    return group, np.repeat(np.arange(len(counts)), counts)
