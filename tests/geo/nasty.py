"""Cells and points made to break a raster: slivers, combs, touching holes, overlaps; points a hair off all."""

import numpy as np
import shapely
from shapely.affinity import rotate

SPAN = 8.0


def cells(dice: np.random.Generator) -> np.ndarray:
    """1 to about 60 valid cells in and around a square of 8 by 8, some of them twice."""
    made = [_valid(_MAKERS[dice.integers(len(_MAKERS))](dice)) for _ in range(dice.choice([1, 2, 5, 20, 30]))]
    if dice.random() < 0.3:
        sites = shapely.MultiPoint(dice.random((30, 2)) * SPAN)
        made += [_valid(cell) for cell in shapely.voronoi_polygons(sites).geoms]
    made += made[: dice.integers(3)]
    return np.array([cell for cell in made if cell is not None] or [shapely.box(0, 0, 1, 1)], dtype=object)


def points(dice: np.random.Generator, shapes: np.ndarray, frames: np.ndarray) -> np.ndarray:
    """Vertices, middles and other places of edges, raster lines, lattice points, far ones; each also a hair off."""
    vertices = shapely.get_coordinates(shapes)
    west, south, east, north = shapely.total_bounds(shapes)
    size = np.array([east - west, north - south])
    at = dice.integers(0, max(len(vertices) - 1, 1), 60)
    along = vertices[at] + dice.random((60, 1)) * (vertices[(at + 1) % len(vertices)] - vertices[at])
    spread = np.array([west, south]) + size * (dice.random((150, 2)) * 1.2 - 0.1)
    frame = frames[dice.integers(0, len(frames), 100)]
    lines = frame[:, :2] + dice.integers(0, 50, (100, 2)) / frame[:, 2:4]
    mixed = np.column_stack([vertices[at, 0], vertices[dice.permutation(at), 1]])
    drawn = [vertices, (vertices[1:] + vertices[:-1]) / 2, along, spread, lines, mixed]
    drawn += [np.column_stack([lines[:, 0], spread[:100, 1]]), np.column_stack([spread[:100, 0], lines[:, 1]])]
    exact = np.vstack(drawn)
    return np.vstack([exact, np.nextafter(exact, np.inf), np.nextafter(exact, -np.inf)])


def _valid(cell):
    parts = [part for part in shapely.get_parts([cell]) if part.geom_type == "Polygon"]
    joined = shapely.union_all(parts) if len(parts) > 1 else parts[0] if parts else None
    return joined if joined is not None and joined.is_valid and not joined.is_empty else None


def _box(dice):
    corner = dice.integers(0, 7, 2)
    return shapely.box(*corner, *(corner + dice.integers(1, 5, 2)))


def _hull(dice):
    return shapely.MultiPoint(dice.integers(0, 33, (dice.integers(3, 9), 2)) / 4).convex_hull


def _pieces(dice):
    return shapely.MultiPoint(dice.random((8, 2)) * SPAN).convex_hull.symmetric_difference(_hull(dice))


def _star(dice):
    turns = np.sort(dice.random(dice.integers(5, 40))) * 2 * np.pi
    reach = dice.random(len(turns)) * 4
    return shapely.Polygon(np.column_stack([4 + reach * np.cos(turns), 4 + reach * np.sin(turns)])).buffer(0)


def _sliver(dice):
    start, way = dice.random(2) * SPAN, dice.random(2) * SPAN - SPAN / 2
    aside = 10.0 ** dice.integers(-14, -1) * np.array([-way[1], way[0]])
    return shapely.Polygon([start, start + way, start + way + aside, start + aside])


def _pierced(dice):
    frame = rotate(shapely.box(*dice.integers(0, 4, 2), *dice.integers(4, 9, 2)), dice.random() * 90)
    return frame - shapely.Point(4, 4).buffer(dice.random() * 3, quad_segs=int(dice.integers(1, 5)))


def _touching_holes(_dice):
    west = [(0, 4), (2, 3), (2, 5)]
    middle, east = [(4, 4), (5, 3), (6, 4), (5, 5)], [(6, 4), (7, 3.5), (7, 4.5)]
    return shapely.Polygon([(0, 0), (8, 0), (8, 8), (0, 8)], [west, middle, east])


def _comb(dice):
    teeth = 2 * dice.integers(2, 12) + 1
    tips = np.where(np.arange(teeth) % 2, SPAN * dice.random(), 0.1 * dice.random())
    return shapely.Polygon([*zip(np.linspace(0, SPAN, teeth), tips, strict=True), (8, -1), (0, -1)])


_MAKERS = (_box, _hull, _pieces, _star, _sliver, _pierced, _touching_holes, _comb)
