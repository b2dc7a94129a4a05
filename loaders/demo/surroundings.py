"""What is drawn around the demo city as far as a map can show: the shore, roads and rivers that run on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from loaders.demo.arteries import COAST_ROAD, Arteries, Course
from loaders.demo.coast import Coast
from loaders.demo.ground import FRAME, Points, curve, displaced, wander

WEST, SOUTH, EAST, NORTH = (int(edge) for edge in FRAME.bounds)
FAR = 21_000  # metres to each side: 1.8 times the city's length, so that no panel shows an end of the sea
WIDE = shapely.box(-FAR, -FAR, FAR, FAR)
STEP_M = 120.0
WAVES = [(150.0, 4_100.0), (70.0, 1_700.0), (30.0, 640.0)]
TAPER_M = 900.0  # waves grow from nothing where the drawn shore begins
WESTERN_SHORE: Course = [(-8_800, -3_250), (-10_300, -3_400), (-11_900, -2_300), (-13_800, -2_500), (-15_400, -4_300),
                         (-17_600, -5_200), (-19_700, -4_600), (-23_000, -6_200)]  # fmt: skip
EASTERN_SHORE: Course = [(8_300, 7_250), (9_100, 8_700), (11_000, 9_200), (12_300, 8_400), (13_900, 9_000),
                         (14_800, 10_900), (17_000, 11_700), (19_000, 13_900), (23_500, 15_200)]  # fmt: skip
ISLANDS = {
    "澜心岛": [(5_900, -5_900), (6_700, -5_600), (7_500, -6_000), (7_300, -6_700), (6_400, -6_900), (5_800, -6_500)],
    "鸥屿": [(-6_900, -7_700), (-6_300, -7_500), (-6_100, -8_000), (-6_600, -8_300)],
}  # fmt: skip
WOODS = {
    "西屏山": [(-12_800, 2_500), (-10_900, 3_900), (-9_600, 3_300), (-8_900, 4_600), (-10_300, 6_400),
              (-12_900, 5_600)],
    "北屏山": [(-6_800, 8_200), (-5_200, 7_700), (-3_700, 8_500), (-4_200, 10_100), (-6_300, 10_300)],
    "云台岭": [(6_000, 9_300), (8_100, 10_200), (8_700, 12_400), (6_600, 13_100), (5_200, 11_300)],
}  # fmt: skip
RING: Course = [(-13_000, -1_700), (-12_600, 700), (-10_100, 7_600), (-5_000, 11_900), (1_000, 13_100), (6_400, 14_300),
                (11_500, 12_800), (13_300, 9_900)]  # fmt: skip
BY_ROADS: list[Course] = [
    [(-8_900, -900), (-8_600, 600), (-8_900, 2_300), (-7_700, 5_200), (-6_900, 7_900), (-3_100, 8_000),
     (-900, 8_500), (900, 8_200), (3_300, 8_800), (5_200, 8_300), (7_200, 8_300)],
    [(-18_600, -4_100), (-17_200, -900), (-17_700, 3_600), (-15_200, 9_200), (-9_800, 14_300), (-7_300, 21_000)],
]  # fmt: skip
WESTERN_COAST_ROAD: Course = [(-9_300, -2_350), (-11_700, -1_250), (-13_000, -1_700), (-15_200, -3_300),
                              (-18_600, -4_100)]  # fmt: skip
BEND_M = 14_000.0  # over so many metres a road turns as far as TURNS says, in radians to its left
TURNS = {"云帆大道": -0.85, "澜湾大道": -0.35, "北屏路": -0.6, "海棠路": 0.45, "栖霞大道": 0.6, "灯塔路": 0.35,
         "锚地路": -0.05, "珊瑚路": -0.2, "望潮路": -0.35, "澜溪河": -0.6, "小澜溪": 0.7}  # fmt: skip


@dataclass(frozen=True)
class Surroundings:
    """All in local metres, from the edge of the drawn city outwards; roads: name, rank, line."""

    land: shapely.Geometry
    sea: shapely.Geometry
    woods: Mapping[str, shapely.Geometry]
    roads: Sequence[tuple[str | None, int, shapely.Geometry]]
    waters: Mapping[str, shapely.Geometry]


def make_surroundings(coast: Coast, arteries: Arteries, rng: np.random.Generator) -> Surroundings:
    """Carry on what the city's own map breaks off at its frame, without touching anything inside it."""
    mainland = shapely.union_all([coast.land.intersection(FRAME), _west(coast, rng), _north(coast, rng)])
    islands = [shapely.Polygon(curve([*shore, shore[0]], STEP_M)) for shore in ISLANDS.values()]
    land = shapely.union_all([mainland, *islands])
    woods = {name: shapely.Polygon(curve([*edge, edge[0]], STEP_M)).intersection(land) for name, edge in WOODS.items()}
    woods |= {name: isle.buffer(-90) for name, isle in zip(ISLANDS, islands, strict=True)}
    waters = {name: _onwards(name, line) for name, line in (("澜溪河", arteries.river), ("小澜溪", arteries.brook))}
    return Surroundings(land, WIDE.difference(land), woods, _roads(arteries), waters)


def _west(coast: Coast, rng: np.random.Generator) -> shapely.Geometry:
    """Land beyond the western edge: from the point where the drawn shore leaves the frame."""
    edge = coast.land.intersection(shapely.LineString([(WEST, SOUTH), (WEST, NORTH)]))
    shore = _shore([(WEST, float(edge.bounds[1])), *WESTERN_SHORE], rng)
    return shapely.Polygon([*shore, (-FAR, FAR), (WEST, FAR)]).buffer(0).intersection(WIDE)


def _north(coast: Coast, rng: np.random.Generator) -> shapely.Geometry:
    """Land beyond the northern edge, as far as the eastern shore."""
    edge = coast.land.intersection(shapely.LineString([(0, NORTH), (EAST, NORTH)]))
    shore = _shore([(float(edge.bounds[2]), NORTH), *EASTERN_SHORE], rng)
    return shapely.Polygon([*shore, (FAR, FAR), (WEST - 1, FAR), (WEST - 1, NORTH)]).buffer(0).intersection(WIDE)


def _shore(points: Course, rng: np.random.Generator) -> Points:
    calm = curve(points, STEP_M)
    sideways = wander(len(calm), STEP_M, WAVES, rng)
    return displaced(calm, sideways * np.minimum(1.0, np.arange(len(calm)) * STEP_M / TAPER_M))


def _roads(arteries: Arteries) -> list[tuple[str | None, int, shapely.Geometry]]:
    """Main roads that reach the frame run on, and a few roads of the country cross them."""
    found: list[tuple[str | None, int, shapely.Geometry]] = [
        (name, 1, _onwards(name, line)) for name, line in arteries.roads.items() if name in TURNS
    ]
    x, y = arteries.roads[COAST_ROAD].intersection(FRAME).coords[0]
    found.append((COAST_ROAD, 1, shapely.LineString(curve([(x, y), *WESTERN_COAST_ROAD], STEP_M))))
    found.append(("绕城公路", 1, shapely.LineString(curve(RING, STEP_M))))
    return found + [(None, 2, shapely.LineString(curve(course, STEP_M))) for course in BY_ROADS]


def _onwards(name: str, line: shapely.LineString) -> shapely.Geometry:
    """From the outer end of a road or river straight on, bending slowly."""
    points = np.asarray(line.coords)
    if points[0, 0] <= WEST or points[0, 1] > points[-1, 1]:  # laid from the frame into the city
        points = points[::-1]
    start, along = points[-1], np.arange(0.0, 2 * FAR, STEP_M)
    ahead = start - points[-2]
    heading = np.arctan2(ahead[1], ahead[0]) + TURNS[name] * np.sin(along / BEND_M) + 0.12 * np.sin(along / 1_900)
    path = np.cumsum(np.column_stack([np.cos(heading), np.sin(heading)]) * STEP_M, axis=0) + start
    return shapely.LineString(np.vstack([[start], path])).intersection(WIDE)
