"""Placing a number on its road, slow and obviously right: the nearest number, and kriging by plain linear algebra."""

import numpy as np

from geo.gazetteer import kriging as given


def nearest_number(numbers, points, asked):
    """The point of the nearest number (the first of equally near ones)."""
    return points[int(np.argmin(np.abs(np.asarray(numbers) - asked)))]


def kriged(numbers, points, lanes, doubts, asked, asked_lane, slope, scale):
    """The point of `asked` by the formulas in the docstring of geo.gazetteer.kriging, all rows used."""
    n = np.asarray(numbers, float) - asked
    lanes = np.asarray(lanes)
    parity = np.asarray(numbers).astype(int) % 2
    k = covariance(n, n, _offsets(lanes), _offsets(lanes), parity[:, None] == parity, scale)
    own = _offsets(np.array([asked_lane]))
    right = covariance(n, np.zeros(1), _offsets(lanes), own, (parity == int(asked) % 2)[:, None], scale)[:, 0]
    middle = np.median(points, axis=0)
    z = points - middle - n[:, None] * np.asarray(slope)
    first = np.asarray(doubts) * np.where(lanes, given._LANE_NOISE, given._DOOR_NOISE) ** 2
    noise = first.copy()
    for _ in range(given._REWEIGHTINGS):
        off = noise[:, None] * np.linalg.solve(k + np.diag(noise), z)
        noise = first * (given._FREEDOM + (off**2).sum(axis=1) / first) / (given._FREEDOM + 2)
    return middle + right @ np.linalg.solve(k + np.diag(noise), z)


def covariance(a, b, offset_a, offset_b, same_side, scale):
    """Matrix of covariances between numbers given as differences to the asked one."""
    a, b = a[:, None], b[None, :]
    gap = np.abs(a - b)

    def bend(step):
        return (given._BEND * scale * np.abs(step)) ** given._HURST2

    side = np.where(same_side, offset_a[:, None] * offset_b[None, :], 0.0)
    return (
        given._CONSTANT
        + 0.5 * (bend(a) + bend(b) - bend(gap))
        + (given._SLOPE * scale) ** 2 * a * b
        + side * np.maximum(0, 1 - gap / given._SIDE_REACH)
        + given._CLOSE**2 * np.maximum(0, 1 - gap / given._CLOSE_REACH)
    )


def _offsets(lanes):
    return np.where(lanes, given._LANE_SIDE, given._DOOR_SIDE)
