"""The answers to a list of addresses while they are being found: one array per column, filled method by method."""

import numpy as np

from geo.gazetteer.kriging import IntArray

METHODS = (
    "exact",
    "same_number",
    "lane",
    "interpolated",
    "extrapolated",
    "series",
    "crossing",
    "estate",
    "village",
    "road",
    "fuzzy_road",
    "fuzzy_name",
    "community",
    "street",
    "district",
)
# Methods whose errors are alike, so that a rare one can borrow from the others.
FAMILIES = (
    ("same_number", "lane", "interpolated"),
    ("extrapolated",),
    ("series",),
    ("crossing",),
    ("estate", "village", "road"),
    ("fuzzy_road", "fuzzy_name"),
)
CODE = {name: code for code, name in enumerate(METHODS)}
FEATURES = 8


class Answers:
    """x, y in metres (NaN: none), method code (-1: none), features of the doubt, score 0-1 and matched text."""

    def __init__(self, count: int) -> None:
        self.x, self.y = np.full(count, np.nan), np.full(count, np.nan)
        self.method = np.full(count, -1, dtype=np.int64)
        self.features = np.zeros((count, FEATURES))
        self.score = np.full(count, np.nan)
        self.matched: list[str | None] = [None] * count

    def put(
        self,
        row: int,
        method: str,
        at: tuple[float, float],
        scale_m: float,
        more: tuple[float, ...],
        score: float,
        text: str,
    ) -> None:
        """Write one answer; `scale_m` is the error that the method itself expects, `more` further features."""
        self.x[row], self.y[row] = at
        self.method[row] = CODE[method]
        self.features[row, 0] = np.log(scale_m)
        self.features[row, 1 : 1 + len(more)] = more
        self.score[row] = score
        self.matched[row] = text

    def answered(self) -> IntArray:
        """The rows that have an answer."""
        return np.flatnonzero(self.method >= 0)
