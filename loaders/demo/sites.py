"""Named places that shape the demo city: hills, and the large sites that are dedicated cells of their own."""

from dataclasses import dataclass

import numpy as np
import shapely

from loaders.demo.ground import Points, curve

DENSITY = [  # (x, y, reach_m, usual block in m²): dense old town on the headland, wide blocks inland
    (-600, -1_900, 1_300, 13_000), (-500, -600, 900, 19_000), (300, 100, 1_300, 26_000),
    (1_500, -300, 1_200, 26_000), (-2_700, 600, 1_000, 42_000), (-4_000, -800, 1_100, 48_000),
    (3_500, -800, 1_100, 40_000), (2_800, 1_500, 1_200, 60_000), (-4_200, 1_500, 1_000, 75_000),
    (4_700, 2_600, 1_000, 60_000), (-3_700, 2_500, 900, 110_000), (800, 2_800, 1_200, 95_000),
]  # fmt: skip
HILLS = {
    "屏山": [(-4_750, 2_350), (-4_350, 2_250), (-3_900, 2_420), (-3_500, 2_250), (-3_050, 2_420), (-2_950, 2_850),
           (-3_300, 3_300), (-4_300, 2_950)],
    "鹿鸣山": [(-900, 2_250), (-450, 2_020), (-100, 2_250), (60, 2_600), (280, 2_950), (-300, 3_250), (-950, 3_000)],
    "望海岭": [(3_650, 2_550), (3_950, 2_420), (4_250, 2_600), (4_300, 3_050), (4_050, 3_330), (3_650, 3_200)],
}  # fmt: skip


@dataclass(frozen=True)
class Site:
    """A site grows over the block around its anchor (local metres) up to its area."""

    name: str
    kind: str  # what happens there: campus, mall, port, estate, hospital, market, rail, works, beach, park, stadium
    anchor: tuple[float, float]
    area_m2: float


SITES = [
    Site("沧澜海洋大学", "campus", (2_900, 1_350), 620_000),
    Site("澜湾港区", "port", (1_700, -1_350), 1_300_000),
    Site("云帆天地商场", "mall", (1_420, -80), 52_000),
    Site("星澜广场", "mall", (-820, 180), 40_000),
    Site("区人民医院", "hospital", (-1_050, 520), 60_000),
    Site("沧澜北站", "rail", (560, 1_480), 170_000),
    Site("听涛夜市", "market", (330, 420), 30_000),
    Site("东岸水产市场", "market", (4_150, 480), 60_000),
    Site("海棠花园小区", "estate", (-3_250, 520), 110_000),
    Site("锦澜新城小区", "estate", (-4_350, 450), 130_000),
    Site("望海台小区", "estate", (3_500, -650), 90_000),
    Site("北屏家园小区", "estate", (-1_700, 1_450), 110_000),
    Site("屏山科技园", "works", (-4_500, 1_550), 320_000),
    Site("银沙滩浴场", "beach", (-2_250, -640), 260_000),
    Site("望潮角公园", "park", (-560, -3_330), 240_000),
    Site("湾心体育场", "stadium", (2_800, 250), 170_000),
    Site("澜湖公园", "park", (1_750, 1_080), 190_000),
    Site("老盐仓市场", "market", (-760, -1_350), 20_000),
    Site("区实验中学", "campus", (-200, -950), 32_000),
    Site("造船路船厂", "works", (3_450, -1_950), 210_000),
]  # fmt: skip


def usual_block_m2(x: float, y: float) -> float:
    """Area that a block has around there: a blend of the nearby entries of DENSITY, in square metres."""
    table = np.asarray(DENSITY)
    pull = np.exp(-((table[:, 0] - x) ** 2 + (table[:, 1] - y) ** 2) / (2 * table[:, 2] ** 2)) + 1e-9
    return float(np.exp((pull * np.log(table[:, 3])).sum() / pull.sum()))


def hill_shapes() -> dict[str, shapely.Polygon]:
    """Each hill's foot as a closed smooth line, local metres."""
    return {name: shapely.Polygon(_closed(points)) for name, points in HILLS.items()}


def _closed(points: list[tuple[int, int]]) -> Points:
    ring = [(float(x), float(y)) for x, y in points]
    return curve([*ring, ring[0]], 60.0)
