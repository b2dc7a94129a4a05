"""Blocks between streets: main roads cut the district into faces, and smaller streets cut these again and again."""

from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import shapely
from shapely.ops import polygonize, split

from loaders.demo.arteries import Arteries
from loaders.demo.coast import Coast
from loaders.demo.ground import SNAP_DEG, in_metres, to_lonlat
from loaders.demo.sites import SITES, hill_shapes, usual_block_m2

QUARTER_OF_BLOCKS = 9.0  # a quarter is cut off by a second-rank street once it holds so many blocks
HILL_BLOCK_M2 = 340_000.0
ANCHORS, SITE_M2 = np.array([site.anchor for site in SITES]), np.array([site.area_m2 for site in SITES])
Streets = list[tuple[int, shapely.Geometry]]


@dataclass
class Piece:
    """Some ground (local metres) on its way to becoming a block."""

    shape: Any  # shapely.Polygon
    quarter: int = -1
    site: int = -1
    hill: bool = False


@dataclass(frozen=True)
class Blocks:
    """One planar arrangement: the faces share every vertex. Arrays are aligned; -1 means no site."""

    shapes: np.ndarray  # shapely polygons, EPSG:4326, vertices on the SNAP_DEG lattice
    metres: np.ndarray  # the same in local metres
    quarter: np.ndarray
    site: np.ndarray
    hill: np.ndarray
    streets: Streets  # (rank 2 or 3, centre line in local metres)


def make_blocks(coast: Coast, arteries: Arteries, rng: np.random.Generator) -> Blocks:
    """Cut the district along its roads into blocks, each in a quarter bounded by roads of rank 1 or 2."""
    streets: Streets = []
    quarters = [q for face in _faces(coast, arteries) for q in _cut(face, QUARTER_OF_BLOCKS, 2, streets, rng)]
    for number, quarter in enumerate(quarters):
        quarter.quarter = number
    pieces = [p for quarter in quarters for p in _cut(quarter, 1.0, 3, streets, rng)]
    return _arranged(pieces, streets)


def _faces(coast: Coast, arteries: Arteries) -> list[Piece]:
    hills = list(hill_shapes().values())
    lines = [
        *arteries.roads.values(),
        *arteries.shore_lanes,
        arteries.river,
        arteries.brook,
        *(hill.exterior for hill in hills),
    ]
    cuts = shapely.union_all([coast.district.exterior, *(line.intersection(coast.district) for line in lines)])
    faces = [Piece(face) for face in polygonize(cuts) if coast.district.contains(face.representative_point())]
    for face in faces:
        face.hill = any(hill.contains(face.shape.representative_point()) for hill in hills)
    return _without_slivers(faces)


def _without_slivers(faces: list[Piece], least_m2: float = 14_000.0) -> list[Piece]:
    """Melt faces too small or too thin to build on into the neighbour with the longest common border."""
    faces = sorted(faces, key=lambda face: face.shape.centroid.coords[0])
    while True:
        thin = [f for f in faces if f.shape.area < least_m2 or f.shape.buffer(-28).is_empty]
        if not thin:
            return faces
        small = min(thin, key=lambda face: face.shape.area)
        others = [face for face in faces if face is not small]
        host = max(others, key=lambda face: face.shape.boundary.intersection(small.shape.boundary).length)
        host.shape = host.shape.union(small.shape)
        faces = others


def _cut(piece: Piece, blocks: float, rank: int, streets: Streets,
         rng: np.random.Generator) -> list[Piece]:  # fmt: skip
    """Halve the piece until each part holds at most about that many usual blocks."""
    site = _site_here(piece)
    if site >= 0 or piece.site >= 0:
        return [Piece(piece.shape, piece.quarter, max(site, piece.site), piece.hill)]
    x, y = piece.shape.centroid.coords[0]
    usual = HILL_BLOCK_M2 if piece.hill else usual_block_m2(x, y)
    if piece.shape.area < usual * blocks * rng.uniform(1.0, 2.0):
        return [piece]
    halves, street = _halved(piece.shape, rng)
    if len(halves) < 2:
        return [piece]
    if not piece.hill:
        streets.append((rank, street))
    parts = (Piece(half, piece.quarter, -1, piece.hill) for half in halves)
    return list(chain.from_iterable(_cut(part, blocks, rank, streets, rng) for part in parts))


def _site_here(piece: Piece) -> int:
    here = shapely.contains_xy(piece.shape, ANCHORS[:, 0], ANCHORS[:, 1]) & (piece.shape.area <= SITE_M2)
    return int(here.argmax()) if here.any() else -1


def _halved(shape: shapely.Polygon, rng: np.random.Generator) -> tuple[list[shapely.Polygon], shapely.Geometry]:
    """The better of a few slightly bent cuts across the long side: no slivers, few leftovers."""
    best: tuple[float, list[shapely.Polygon], shapely.Geometry] | None = None
    for _ in range(4):
        street = _across(shape, rng)
        halves = list(shapely.get_parts(split(shape, street)))
        worst = min(_plumpness(half) for half in halves) - 0.2 * (len(halves) - 2)
        if len(halves) > 1 and (best is None or worst > best[0]):
            best = (worst, halves, street.intersection(shape))
    if best is None or best[0] < 0.12:
        return [shape], shapely.LineString()
    return best[1], best[2]


def _across(shape: shapely.Polygon, rng: np.random.Generator) -> shapely.LineString:
    corners = shapely.get_coordinates(shape.minimum_rotated_rectangle)[:4]
    a, b = corners[1] - corners[0], corners[2] - corners[1]
    long, short = (a, b) if np.hypot(*a) > np.hypot(*b) else (b, a)
    middle = np.asarray(shape.centroid.coords[0]) + long * rng.normal(0, 0.08)
    turn = rng.normal(0, np.radians(6.5))
    along = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ short
    bend = long / np.hypot(*long) * np.hypot(*short) * rng.normal(0, 0.04)
    reach = np.linspace(-1.0, 1.0, 7)
    return shapely.LineString(middle + reach[:, None] * along + (1 - (2 * reach[:, None]) ** 2) * bend)


def _plumpness(shape: shapely.Polygon) -> float:
    return float(4 * np.pi * shape.area / shape.length**2)


def _arranged(pieces: list[Piece], streets: Streets) -> Blocks:
    """Snap once, node once: faces of one arrangement, each told which piece it came from."""
    edges = shapely.transform(np.array([piece.shape.exterior for piece in pieces]), to_lonlat)
    noded = shapely.union_all(edges, grid_size=SNAP_DEG)
    faces = np.array([shapely.transform(face, lambda xy: np.round(xy, 6)) for face in polygonize(noded)])
    faces = faces[np.lexsort(np.round(shapely.get_coordinates(shapely.centroid(faces)), 7).T)]
    inner = np.array([in_metres(point) for point in shapely.point_on_surface(faces)])
    tree = shapely.STRtree([piece.shape for piece in pieces])
    face_of, piece_of = tree.query(inner, predicate="within")
    if len(faces) != len(pieces) or not np.array_equal(face_of, np.arange(len(faces))):
        raise AssertionError(f"{len(faces)} faces came from {len(pieces)} pieces of the demo city")
    origin = [pieces[i] for i in piece_of]
    return Blocks(
        shapes=faces,
        metres=np.array([in_metres(face) for face in faces]),
        quarter=np.array([piece.quarter for piece in origin]),
        site=np.array([piece.site for piece in origin]),
        hill=np.array([piece.hill for piece in origin]),
        streets=streets,
    )
