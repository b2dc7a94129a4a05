"""Where the land ends: the shore with its bays, headland and harbour, and the district's line inland."""

from dataclasses import dataclass

import numpy as np
import shapely
import shapely.affinity

from loaders.demo.ground import FRAME, Points, curve, displaced, wander

SHORE: list[tuple[float, float]] = [
    (-8_000, -2_300), (-6_700, -1_500), (-5_600, -1_750), (-4_700, -1_950), (-4_000, -1_450),
    (-3_300, -850), (-2_550, -700), (-1_950, -1_150), (-1_650, -1_950), (-1_350, -2_850), (-750, -3_450),
    (-50, -3_300), (380, -2_600), (620, -1_850), (1_150, -1_420), (1_900, -1_380), (2_650, -1_620),
    (3_300, -2_150), (4_000, -2_300), (4_550, -1_700), (4_700, -850), (4_350, 0), (4_450, 700),
    (5_050, 1_250), (5_450, 2_100), (5_250, 3_050), (5_700, 4_200), (6_500, 5_300), (8_000, 7_200),
]  # fmt: skip
INLAND: list[tuple[float, float]] = [
    (-5_150, -3_200), (-5_100, -1_700), (-4_900, -700), (-4_950, 400), (-5_200, 1_250), (-4_850, 2_150),
    (-4_000, 2_700), (-3_000, 3_250), (-1_900, 3_150), (-800, 2_850), (400, 3_150), (1_500, 3_450),
    (2_700, 3_250), (3_700, 3_500), (4_500, 3_300), (6_800, 3_350),
]  # fmt: skip
HARBOUR = shapely.box(1_150, -1_700, 2_750, -1_150)  # quays are straight: no waves inside
PIERS = [((1_300, -1_300), 190, 620, 8), ((1_760, -1_250), 150, 760, 4), ((2_230, -1_300), 210, 700, -2)]
SHORE_WAVES = [(55.0, 900.0), (26.0, 410.0), (13.0, 170.0), (7.0, 90.0)]
STEP_M = 40.0


@dataclass(frozen=True)
class Coast:
    """All in local metres: the land of the whole frame, the sea, the district, and the shore without waves."""

    land: shapely.Polygon
    sea: shapely.Geometry
    district: shapely.Polygon
    calm_shore: Points


def make_coast(rng: np.random.Generator) -> Coast:
    """Draw the shore and cut the district out of the land behind it."""
    calm = curve(SHORE, STEP_M)
    piers = [_pier(*pier) for pier in PIERS]
    behind = shapely.Polygon(np.vstack([_rough(calm, rng), [(8_000, 9_000), (-9_000, 9_000), (-9_000, -2_300)]]))
    land = shapely.union_all([behind.buffer(0), *piers])
    land = max(shapely.get_parts(land), key=shapely.area)
    land = shapely.Polygon(land.exterior)
    inland = displaced(curve(INLAND, STEP_M), wander(len(curve(INLAND, STEP_M)), STEP_M, [(30, 520), (14, 210)], rng))
    inside = shapely.Polygon(np.vstack([inland, [(7_400, -5_600), (-5_150, -5_600)]])).buffer(0)
    district = max(shapely.get_parts(inside.intersection(land)), key=shapely.area)
    return Coast(land, FRAME.difference(land), shapely.Polygon(district.exterior), calm)


def _rough(calm: Points, rng: np.random.Generator) -> Points:
    waves = wander(len(calm), STEP_M, SHORE_WAVES, rng)
    quiet = shapely.contains_xy(HARBOUR.buffer(150), calm[:, 0], calm[:, 1])
    return displaced(calm, np.where(quiet, 0.0, waves))


def _pier(root: tuple[float, float], width_m: float, length_m: float, lean_deg: float) -> shapely.Geometry:
    """A finger pier that leaves its root southward, leaning by `lean_deg`."""
    upright = shapely.box(root[0] - width_m / 2, root[1] - length_m, root[0] + width_m / 2, root[1])
    return shapely.affinity.rotate(upright, lean_deg, origin=root)
