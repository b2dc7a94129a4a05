"""Doors of the demo city: points on block fronts with road, number and what goes on there."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from loaders.demo.atlas import MAP_SEED, Atlas
from loaders.demo.ground import Points, on_earth
from loaders.demo.sites import SITES

DOORS_PER_BLOCK, DOORS_PER_SITE = 7, 26
SET_BACK_M = 15.0
NIGHT_STREET = "斜街社区"  # its bars and market give more than half of its station's reports
BUSY_BEATS = (8, 30)  # positions of two beats that carry far too much


def make_doors(atlas: Atlas, roads: gpd.GeoDataFrame) -> pd.DataFrame:
    """One row a door: lon, lat, cell (position), address, use, pull (relative number of reports)."""
    rng = np.random.default_rng([MAP_SEED, 4])
    block = _blocks_of_doors(atlas)
    fronts = _fronts(atlas)
    points = shapely.line_interpolate_point(fronts[block], rng.random(len(block)), normalized=True)
    road, number = _numbers(points, roads)
    site = atlas.blocks.site[block]
    use = _uses(atlas, block, roads["rank"].to_numpy()[road], rng)
    lonlat = shapely.get_coordinates([on_earth(point) for point in points])
    texts = [f"{roads['name'].iat[r]}{n}号" for r, n in zip(road, number, strict=True)]
    cell = atlas.cell_of_block[block]
    pull = _pull(atlas, use, cell, rng)
    frame = pd.DataFrame({"lon": lonlat[:, 0], "lat": lonlat[:, 1], "cell": cell, "use": use, "pull": pull})
    return frame.assign(address=_full(texts, site, use, rng))


def _blocks_of_doors(atlas: Atlas) -> np.ndarray:
    doors = np.where(atlas.blocks.site >= 0, DOORS_PER_SITE, DOORS_PER_BLOCK)
    doors[atlas.blocks.hill] = 2
    return np.repeat(np.arange(len(doors)), doors)


def _fronts(atlas: Atlas) -> np.ndarray:
    """The line a set-back inside each block; where a block is too thin for it, less of a set-back."""
    fronts = np.empty(len(atlas.blocks.metres), dtype=object)
    for i, shape in enumerate(atlas.blocks.metres):
        inner = next(
            inside for back in (1, 0.5, 0.2, 0.05) if not (inside := shape.buffer(-SET_BACK_M * back)).is_empty
        )
        fronts[i] = max(shapely.get_parts(inner), key=shapely.area).exterior
    return fronts


def _numbers(points: np.ndarray, roads: gpd.GeoDataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Nearest road of each point and its house number: even on the right, about one number in six metres."""
    lines = roads.geometry.to_numpy()
    road = shapely.STRtree(lines).nearest(points)
    along = shapely.line_locate_point(shapely.line_merge(lines[road]), points)
    foot, ahead = (shapely.get_coordinates(shapely.line_interpolate_point(lines[road], along + d)) for d in (0.0, 5.0))
    aside: Points = shapely.get_coordinates(points) - foot
    left = (ahead[:, 0] - foot[:, 0]) * aside[:, 1] - (ahead[:, 1] - foot[:, 1]) * aside[:, 0] > 0
    return road, 2 * (along / 12).astype(int) + np.where(left, 1, 2)


def _uses(atlas: Atlas, block: np.ndarray, rank: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """home, shop, bar, or the kind of the site; bars gather in the night street."""
    roll = rng.random(len(block))
    use = np.where(roll < np.choose(rank - 1, [0.55, 0.35, 0.15]), "shop", "home").astype(object)
    community = atlas.cells["community_no"].to_numpy()[atlas.cell_of_block[block]]
    night = (atlas.communities["name"] == NIGHT_STREET).to_numpy()[community]
    use[(use == "shop") & (rng.random(len(block)) < np.where(night, 0.5, 0.035))] = "bar"
    for number, site in enumerate(SITES):
        use[atlas.blocks.site[block] == number] = site.kind
    use[atlas.blocks.hill[block]] = "park"
    return use


def _pull(atlas: Atlas, use: np.ndarray, cell: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Few doors bring many reports: a heavy tail, more at bars and markets, in old cells and in busy beats."""
    by_use = {"bar": 5.0, "market": 3.0, "mall": 3.0, "hospital": 3.5, "rail": 2.5, "estate": 2.2, "shop": 1.4,
              "beach": 1.5, "park": 0.4, "works": 0.5, "port": 0.7, "campus": 0.8, "stadium": 1.0}  # fmt: skip
    pull = rng.lognormal(0.0, 0.9, len(use)) * pd.Series(use).map(by_use).fillna(1.0).to_numpy(dtype=float)
    people = atlas.cells["residents"].to_numpy() + 350.0
    crowd = (people / np.bincount(cell, minlength=len(people)))[cell] / 60
    pull *= np.where(np.isin(use, ["home", "shop", "bar", "estate"]), crowd, 1.6)
    pull[np.isin(atlas.cells["beat_no"].to_numpy()[cell], BUSY_BEATS)] *= 2.6
    return _night_share(atlas, pull, cell, 0.60)


def _night_share(atlas: Atlas, pull: np.ndarray, cell: np.ndarray, share: float) -> np.ndarray:
    """Scale the night street's doors so that they hold that share of their station."""
    number = int(np.flatnonzero(atlas.communities["name"] == NIGHT_STREET)[0])
    here = atlas.cells["community_no"].to_numpy()[cell] == number
    station = atlas.cells["station_no"].to_numpy()[cell] == atlas.communities["station_no"][number]
    scale = share / (1 - share) * pull[station & ~here].sum() / pull[here].sum()
    total = pull[station].sum()
    pull[here] *= scale
    pull[station] *= total / pull[station].sum()
    return pull


def _full(texts: list[str], site: np.ndarray, use: np.ndarray, rng: np.random.Generator) -> list[str]:
    """Homes get building and room, sites their own name."""
    house, unit, room = rng.integers(1, 19, len(texts)), rng.integers(1, 5, len(texts)), rng.integers(1, 19, len(texts))
    door = rng.integers(1, 5, len(texts))
    inside = [f"{h}号楼{u}单元{r}{d:02d}室" for h, u, r, d in zip(house, unit, room, door, strict=True)]
    out = []
    for text, s, kind, room_text in zip(texts, site, use, inside, strict=True):
        head = f"{SITES[s].name}" if s >= 0 else text
        out.append(head + room_text if kind in ("home", "estate") else f"{text}（{head}）" if s >= 0 else text)
    return out
