"""Estates and roads numbered in a series (控江一村 … 控江五村): an unknown one is placed among its sisters."""

import numpy as np

from geo.datums import FloatArray
from geo.gazetteer.base import Base
from geo.gazetteer.names import series_of
from geo.gazetteer.numbered import Question
from geo.gazetteer.table import Groups

# A step in a series is about as long as a hundred house numbers on a road.
_STEP = 110


class Series:
    """The series of a base, as groups whose numbers are ordinals."""

    def __init__(self, base: Base, doubt: FloatArray) -> None:
        told = {row: found for row, spot in enumerate(base.spots) if spot.heads and (found := series_of(spot.heads[0]))}
        rows = np.array(list(told), np.int64)
        number = np.array([ordinal * _STEP for _, ordinal in told.values()], np.float64)
        heads = [name for name, _ in told.values()]
        lane = np.ones(len(rows), np.bool_)
        self.groups = Groups(heads, base.x[rows], base.y[rows], number, lane, doubt[rows], base.district[rows])
        # Estates lie beside one another in no direction that roads would know.
        self.groups.slope[:], self.groups.scale = 0.0, 1.0
        self._place = {int(rows[at]): place for place, at in enumerate(self.groups.order)}

    def ask(self, questions: list[Question], row: int, name: str, district: int, own: int) -> bool:
        """Ask for a name of a known series; `own` is the row of the base to be left out (-1: none)."""
        told = series_of(name)
        if told is None:
            return False
        number, left_out = told[1] * _STEP, self._place.get(own, -1)
        group = self.groups.pick(told[0], number, district, left_out)
        if group >= 0:
            questions.append(Question(row, group, number, True, left_out, 0.8, "series"))
        return group >= 0
