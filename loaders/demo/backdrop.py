"""The drawn base map of the demo city and its surroundings: sea, water, parks and named roads."""

import geopandas as gpd
import numpy as np
import shapely

from loaders.demo.arteries import Arteries
from loaders.demo.atlas import MAP_SEED, Atlas
from loaders.demo.ground import FRAME, curve, on_earth
from loaders.demo.names import road_names
from loaders.demo.sites import SITES, hill_shapes
from loaders.demo.surroundings import Surroundings, make_surroundings

RIVER_WIDTH_M, BROOK_WIDTH_M = 46.0, 16.0
LAKE: list[tuple[float, float]] = [
    (1_745, 1_085),
    (1_815, 1_150),
    (1_930, 1_130),
    (1_990, 1_050),
    (1_945, 965),
    (1_850, 985),
    (1_780, 1_000),
]
GREENS = 24  # ordinary blocks that are small parks
Row = tuple[str, str | None, int | None, shapely.Geometry]


def make_roads(atlas: Atlas) -> gpd.GeoDataFrame:
    """Every road: name, rank 1 main to 3 small, geometry (local metres, no CRS); block borders lie on them."""
    land = atlas.coast.land.intersection(FRAME)
    main = [(name, 1, line.intersection(land)) for name, line in atlas.arteries.roads.items()]
    lesser = [*atlas.blocks.streets, *((3, lane) for lane in _lanes(atlas.arteries, atlas.coast.district))]
    rng = np.random.default_rng([MAP_SEED, 2])
    second = iter(road_names(sum(rank == 2 for rank, _ in lesser), "路", rng))
    third = iter([*road_names(1_000, "街", rng), *road_names(1_000, "巷", rng)])
    rows = main + [(next(second if rank == 2 else third), rank, line) for rank, line in lesser]
    return gpd.GeoDataFrame(rows, columns=["name", "rank", "geometry"])


def make_backdrop(atlas: Atlas, roads: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """All that is drawn below the cells: kind, name, rank, geometry in EPSG:4326, from the ground up."""
    around = make_surroundings(atlas.coast, atlas.arteries, np.random.default_rng([MAP_SEED, 4]))
    rows: list[Row] = []
    rows += [("sea", "澜湾", None, part) for part in shapely.get_parts(around.sea)]
    rows += [("park", name, None, shape.intersection(atlas.coast.land)) for name, shape in hill_shapes().items()]
    rows += [("park", name, None, shape) for name, shape in around.woods.items()]
    rows += _site_parks(atlas)
    rows += _waters(atlas, around)
    rows += [("road", name, rank, line) for name, rank, line in around.roads]
    rows += [
        ("road", r.name, r.rank, r.geometry) for r in roads.sort_values("rank", ascending=False).itertuples(index=False)
    ]
    frame = gpd.GeoDataFrame(rows, columns=["kind", "name", "rank", "geometry"], crs="EPSG:4326")
    frame["geometry"] = [on_earth(shape) for shape in frame.geometry]
    return frame.astype({"rank": "Int64"})


def _lanes(arteries: Arteries, district: shapely.Polygon) -> list[shapely.LineString]:
    """Shore lanes between the coast road and the water; the far side of the road is not theirs."""
    coast_road = arteries.roads["滨海观澜路"]
    pieces = (
        shapely.get_parts(shapely.difference(lane.intersection(district), coast_road.buffer(1)))
        for lane in arteries.shore_lanes
    )
    return [min(parts, key=lambda part: part.distance(district.exterior)) for parts in pieces if len(parts) > 1]


def _site_parks(atlas: Atlas) -> list[Row]:
    green = {"park", "beach", "stadium"}
    blocks = zip(atlas.blocks.site, atlas.blocks.metres, strict=True)
    sites = [("park", SITES[s].name, None, shape) for s, shape in blocks if s >= 0 and SITES[s].kind in green]
    rng = np.random.default_rng([MAP_SEED, 3])
    plain = np.flatnonzero((atlas.blocks.site < 0) & ~atlas.blocks.hill)
    chosen = np.sort(rng.choice(plain, GREENS, replace=False))
    return sites + [("park", None, None, shape.buffer(-9)) for shape in atlas.blocks.metres[chosen]]


def _waters(atlas: Atlas, around: Surroundings) -> list[Row]:
    land = atlas.coast.land.intersection(FRAME)
    lake = shapely.Polygon(curve([*LAKE, LAKE[0]], 20.0))
    rivers: list[Row] = []
    for name, course, width in (
        ("澜溪河", atlas.arteries.river, RIVER_WIDTH_M),
        ("小澜溪", atlas.arteries.brook, BROOK_WIDTH_M),
    ):
        rivers.append(("water", name, None, shapely.buffer(course, width / 2).intersection(land)))
        rivers.append(("water", name, None, shapely.buffer(around.waters[name], width / 2).intersection(around.land)))
    return [*rivers, ("water", "澜湖", None, lake)]
