"""The skeleton of the demo city: river, main roads and their courses, in local metres."""

from dataclasses import dataclass

import numpy as np
import shapely

from loaders.demo.coast import Coast
from loaders.demo.ground import curve

Course = list[tuple[float, float]]
RIVER: Course = [(-2_300, 6_000), (-2_250, 4_200), (-2_550, 3_100), (-2_150, 2_350), (-2_500, 1_600),
                 (-2_900, 950), (-2_650, 250), (-2_900, -300), (-2_800, -1_100)]  # fmt: skip
BROOK: Course = [(2_900, 5_600), (2_600, 3_900), (2_750, 3_000), (2_350, 2_300), (2_480, 1_500)]
MAIN_ROADS: dict[str, Course] = {
    "云帆大道": [(-7_400, -500), (-4_950, -150), (-3_900, -80), (-2_700, 220), (-1_500, -20), (-600, -330),
             (600, -220), (1_900, -420), (3_200, -180), (4_700, -330)],
    "澜湾大道": [(-7_400, 1_300), (-5_050, 1_000), (-3_800, 1_020), (-2_700, 1_200), (-1_400, 900), (0, 960),
             (1_300, 700), (2_600, 860), (3_700, 760), (5_300, 950)],
    "北屏路": [(-7_400, 2_050), (-5_000, 1_950), (-3_800, 1_880), (-2_300, 2_080), (-1_000, 1_780), (300, 2_060),
            (1_500, 1_930), (2_700, 2_160), (4_000, 2_060), (5_900, 2_260)],
    "海棠路": [(-4_050, -1_700), (-3_960, -700), (-3_850, 0), (-3_640, 900), (-3_800, 1_900), (-3_350, 3_200),
            (-3_200, 6_000)],
    "栖霞大道": [(-1_720, -1_420), (-1_560, -700), (-1_420, 0), (-1_230, 900), (-1_050, 1_800), (-1_350, 3_100),
             (-1_200, 6_000)],
    "灯塔路": [(-700, -3_260), (-640, -2_100), (-480, -1_250), (-560, -320), (-280, 320), (-60, 960), (180, 2_040),
            (520, 3_300), (700, 6_000)],
    "锚地路": [(860, -1_420), (820, -900), (880, -250), (1_060, 720), (1_180, 1_930), (1_700, 3_600), (1_850, 6_000)],
    "新港大道": [(2_000, -1_170), (2_060, -700), (2_180, -410), (2_420, 850), (2_480, 1_500)],
    "珊瑚路": [(3_150, -2_300), (3_080, -1_100), (3_150, -200), (3_420, 800), (3_360, 2_120), (3_500, 3_600),
            (3_900, 6_000)],
    "望潮路": [(3_900, -2_500), (3_840, -1_200), (3_800, -250), (3_950, 760), (4_230, 1_450), (4_380, 2_150),
            (4_500, 3_500), (4_900, 6_000)],
    "虹桥斜街": [(-560, -320), (200, 170), (1_060, 720), (1_900, 1_350), (2_700, 2_160), (3_080, 2_650),
             (3_360, 3_550)],
}  # fmt: skip
COAST_ROAD = "滨海观澜路"
COAST_ROAD_INLAND_M = 270.0
SHORE_LANE_EVERY_M = (420.0, 900.0)
PORT_WATERFRONT = shapely.box(900, -2_600, 2_780, -800)  # one site: no public lane reaches the quays


@dataclass(frozen=True)
class Arteries:
    """Centre lines in local metres; main roads by name, running beyond the district."""

    roads: dict[str, shapely.LineString]
    river: shapely.LineString
    brook: shapely.LineString
    shore_lanes: list[shapely.LineString]


def make_arteries(coast: Coast, rng: np.random.Generator) -> Arteries:
    """Lay the main roads: avenues by hand, the coast road a steady distance behind the calm shore."""
    roads = {name: shapely.LineString(curve(points)) for name, points in MAIN_ROADS.items()}
    roads[COAST_ROAD] = _coast_road(coast)
    return Arteries(roads, shapely.LineString(curve(RIVER)), shapely.LineString(curve(BROOK)), _shore_lanes(coast, rng))


def _coast_road(coast: Coast) -> shapely.LineString:
    behind = shapely.LineString(coast.calm_shore).offset_curve(COAST_ROAD_INLAND_M, quad_segs=12)
    longest = max(shapely.get_parts(behind), key=shapely.length)
    eased = longest.simplify(25.0)
    points = np.asarray(eased.coords)
    return shapely.LineString(curve([(float(x), float(y)) for x, y in points], 40.0))


def _shore_lanes(coast: Coast, rng: np.random.Generator) -> list[shapely.LineString]:
    """Short streets from the coast road down to the water, square to the calm shore."""
    shore = shapely.LineString(coast.calm_shore)
    along = np.cumsum(rng.uniform(*SHORE_LANE_EVERY_M, int(shore.length / SHORE_LANE_EVERY_M[0])))
    feet = shapely.get_coordinates(shore.interpolate(along))
    ahead = shapely.get_coordinates(shore.interpolate(along + 30.0)) - feet
    inland = np.stack([-ahead[:, 1], ahead[:, 0]], axis=1) / 30.0
    lanes = [shapely.LineString([foot - 420 * up, foot + 300 * up]) for foot, up in zip(feet, inland, strict=True)]
    near = coast.land.buffer(900)
    return [lane for lane in lanes if lane.within(near) and not lane.intersects(PORT_WATERFRONT)]
