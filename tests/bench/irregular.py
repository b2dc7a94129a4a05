"""Irregular cells for measuring: a jittered lattice with wavy borders that neighbours share exactly."""

import numpy as np
import shapely

WEST, SOUTH, SPAN_DEG = 120.0, 36.0, 1.0


def irregular_cells(side: int, bends: int = 8, seed: int = 1) -> np.ndarray:
    """side × side polygons of 4·bends + 1 vertices that cover a square of one degree without gaps or overlaps."""
    dice = np.random.default_rng(seed)
    fine = side * bends + 1
    axis = np.linspace(0, SPAN_DEG, fine)
    x, y = np.meshgrid(WEST + axis, SOUTH + axis)
    shift = 0.3 * SPAN_DEG / (side * bends)
    inner = (slice(1, -1), slice(1, -1))
    x[inner] += dice.uniform(-shift, shift, (fine - 2, fine - 2))
    y[inner] += dice.uniform(-shift, shift, (fine - 2, fine - 2))
    return shapely.polygons(
        [_ring(x, y, row * bends, column * bends, bends) for row in range(side) for column in range(side)]
    )


def random_points(count: int, seed: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """Points over the same square and a little beyond it."""
    dice = np.random.default_rng(seed)
    margin = 0.02 * SPAN_DEG
    lon = dice.uniform(WEST - margin, WEST + SPAN_DEG + margin, count)
    return lon, dice.uniform(SOUTH - margin, SOUTH + SPAN_DEG + margin, count)


def _ring(x: np.ndarray, y: np.ndarray, row: int, column: int, bends: int) -> np.ndarray:
    rows, columns = slice(row, row + bends), slice(column, column + bends)
    top, right = row + bends, column + bends
    parts = [
        (x[row, columns], y[row, columns]),
        (x[rows, right], y[rows, right]),
        (x[top, column + 1 : right + 1][::-1], y[top, column + 1 : right + 1][::-1]),
        (x[row + 1 : top + 1, column][::-1], y[row + 1 : top + 1, column][::-1]),
    ]
    ring = np.column_stack([np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])])
    return np.vstack([ring, ring[:1]])
