"""The demo city as an atlas: every area, beat and cell with its code, name, shape and residents."""

from dataclasses import dataclass
from functools import lru_cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from loaders.demo.arteries import Arteries, make_arteries
from loaders.demo.blocks import Blocks, make_blocks
from loaders.demo.coast import Coast, make_coast
from loaders.demo.grouping import Floats, Ints, apportioned
from loaders.demo.hierarchy import Hierarchy, make_hierarchy, merged
from loaders.demo.names import CITY, COMMUNITIES, DISTRICT, STATIONS
from loaders.demo.sites import SITES

MAP_SEED = 1  # the ground is the same whatever the seed of the events, so codes never move
RESIDENTS_OF_STATION = [71_600, 83_400, 58_900, 86_300]
DRAWN_ON = "2020-01-01T00:00:00+08:00"
DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True)
class Atlas:
    """Frames in code order; a number in a column `*_no` is a position in the frame of that name.

    areas: level, code, name, parent, geometry. stations: code, name. streets and communities: code, name, …_no.
    beats: code, name, station_no, community_no. cells: code, name, beat_no, community_no, street_no, station_no,
    kind, site (-1: none), households, residents, geometry. `cell_of_block` is aligned with `blocks`.
    """

    areas: gpd.GeoDataFrame
    stations: pd.DataFrame
    streets: pd.DataFrame
    communities: pd.DataFrame
    beats: pd.DataFrame
    cells: gpd.GeoDataFrame
    blocks: Blocks
    cell_of_block: Ints
    coast: Coast
    arteries: Arteries


@lru_cache(maxsize=1)
def make_atlas() -> Atlas:
    """Draw the map: always the same one."""
    rng = np.random.default_rng(MAP_SEED)
    coast = make_coast(rng)
    arteries = make_arteries(coast, rng)
    blocks = make_blocks(coast, arteries, rng)
    found = make_hierarchy(blocks)
    community_rank = _ranks(_unions(blocks, found, "community"), found.street_of_community)
    communities = _communities(found, community_rank)
    beat_rank = _ranks(_unions(blocks, found, "beat"), community_rank[found.community_of_beat])
    beats = _beats(found, community_rank, beat_rank, communities)
    cell_rank = _ranks(merged(blocks.metres, found.cell_of_block), community_rank[found.community_of_cell])
    cells = _cells(blocks, found, community_rank, beat_rank, cell_rank, communities)
    streets = pd.DataFrame(
        {"code": [f"{DISTRICT[0]}{i + 1:03d}" for i in range(len(COMMUNITIES))], "name": [*COMMUNITIES]}
    )
    streets["station_no"] = communities.groupby("street_no")["station_no"].first().to_numpy()
    stations = pd.DataFrame({"code": [f"PCS{i + 1}" for i in range(len(STATIONS))], "name": [*STATIONS]})
    areas = _areas(cells, streets, communities)
    return Atlas(
        areas, stations, streets, communities, beats, cells, blocks, cell_rank[found.cell_of_block], coast, arteries
    )


def reading_order(points: Floats) -> Ints:
    """Position of each point (n, 2) when read in rows: west to east, row below row from the north."""
    height = np.ptp(points[:, 1]) / max(1, round(np.sqrt(len(points)))) + 1e-12
    row = np.floor((points[:, 1].max() - points[:, 1]) / height + 1e-9)
    place = np.empty(len(points), dtype=np.int64)
    place[np.lexsort((points[:, 0], row))] = np.arange(len(points))
    return place


def _ranks(shapes: NDArray[np.object_], parent: Ints) -> Ints:
    """New number of each shape: parents in order, and inside a parent in reading order."""
    centre = shapely.get_coordinates(shapely.centroid(shapes))
    order = np.zeros(len(shapes), dtype=np.int64)
    for number in np.unique(parent):
        mine = parent == number
        order[mine] = reading_order(centre[mine])
    rank = np.empty(len(shapes), dtype=np.int64)
    rank[np.lexsort((order, parent))] = np.arange(len(shapes))
    return rank


def _unions(blocks: Blocks, found: Hierarchy, unit: str) -> NDArray[np.object_]:
    of_cell = found.beat_of_cell if unit == "beat" else found.community_of_cell
    return merged(blocks.metres, of_cell[found.cell_of_block])


def _communities(found: Hierarchy, rank: Ints) -> pd.DataFrame:
    old = np.argsort(rank)
    street = found.street_of_community[old]
    inside = pd.Series(street).groupby(street).cumcount()
    names = [name for members in COMMUNITIES.values() for name in members]
    codes = [f"{DISTRICT[0]}{s + 1:03d}{n + 1:03d}" for s, n in zip(street, inside, strict=True)]
    return pd.DataFrame({"code": codes, "name": [f"{name}社区" for name in names], "street_no": street,
                         "station_no": found.station_of_community[old]})  # fmt: skip


def _beats(found: Hierarchy, community_rank: Ints, rank: Ints, communities: pd.DataFrame) -> pd.DataFrame:
    community = community_rank[found.community_of_beat][np.argsort(rank)]
    station = communities["station_no"].to_numpy()[community]
    number = pd.Series(station).groupby(station).cumcount() + 1
    inside = pd.Series(community).groupby(community).cumcount() + 1
    names = [f"{communities['name'][c]}第{DIGITS[n]}警格" for c, n in zip(community, inside, strict=True)]
    codes = [f"J{s + 1}{n:02d}" for s, n in zip(station, number, strict=True)]
    return pd.DataFrame({"code": codes, "name": names, "station_no": station, "community_no": community})


def _cells(blocks: Blocks, found: Hierarchy, community_rank: Ints, beat_rank: Ints, rank: Ints,
           communities: pd.DataFrame) -> gpd.GeoDataFrame:  # fmt: skip
    old = np.argsort(rank)
    community = community_rank[found.community_of_cell][old]
    inside = pd.Series(community).groupby(community).cumcount() + 1
    site = found.site_of_cell[old]
    station = communities["station_no"].to_numpy()[community]
    residents, households = _residents(found, old, site, station)
    plain = [f"{communities['name'][c]}{n:02d}网格" for c, n in zip(community, inside, strict=True)]
    return gpd.GeoDataFrame({
        "code": [f"{communities['code'][c]}{n:03d}" for c, n in zip(community, inside, strict=True)],
        "name": [f"{SITES[s].name}专属网格" if s >= 0 else name for s, name in zip(site, plain, strict=True)],
        "beat_no": beat_rank[found.beat_of_cell][old], "community_no": community,
        "street_no": communities["street_no"].to_numpy()[community], "station_no": station,
        "kind": np.where(site >= 0, "dedicated", "basic"), "site": site,
        "households": households, "residents": residents,
    }, geometry=merged(blocks.shapes, found.cell_of_block)[old], crs="EPSG:4326")  # fmt: skip


def _residents(found: Hierarchy, old: Ints, site: Ints, station: Ints) -> tuple[Ints, Ints]:
    """People by built-up ground: estates are full, the port and the parks empty; stations sum exactly."""
    lived_in = {"estate": 3.0, "campus": 1.2, "mall": 0.2, "market": 0.3, "hospital": 0.1}
    weight = np.bincount(found.cell_of_block, found.weight_of_block)[old]
    weight *= np.array([1.0 if s < 0 else lived_in.get(SITES[s].kind, 0.0) for s in site])
    residents = np.zeros(len(old), dtype=np.int64)
    for number, total in enumerate(RESIDENTS_OF_STATION):
        residents[station == number] = apportioned(total, weight[station == number] ** 0.6)
    size = 2.3 + 0.1 * (np.arange(len(old)) % 7)
    return residents, np.round(residents / size).astype(np.int64)


def _areas(cells: gpd.GeoDataFrame, streets: pd.DataFrame, communities: pd.DataFrame) -> gpd.GeoDataFrame:
    shapes = cells.geometry.to_numpy()
    whole = shapely.coverage_union_all(shapes)
    rows = [("city", *CITY, None, whole), ("district", *DISTRICT, CITY[0], whole)]
    for level, frame, column in (("street", streets, "street_no"), ("community", communities, "community_no")):
        unions = merged(shapes, cells[column].to_numpy())
        parents = [DISTRICT[0]] * len(frame) if level == "street" else [streets["code"][s] for s in frame["street_no"]]
        rows += zip([level] * len(frame), frame["code"], frame["name"], parents, unions, strict=True)
    frame = gpd.GeoDataFrame(rows, columns=["level", "code", "name", "parent", "geometry"], crs="EPSG:4326")
    return frame.assign(valid_from=DRAWN_ON)
