"""Numbers on roads that the base knows: which road is meant, then kriging, and what to call the outcome."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from geo.datums import FloatArray
from geo.gazetteer.answers import CODE, Answers
from geo.gazetteer.kriging import ABOVE, BELOW, COUNT, GAP, NEAREST, SAME, SD, STRAIN, IntArray, X, Y, krige
from geo.gazetteer.table import Groups

_SCALE_FLOOR_M = 15.0


class Question(NamedTuple):
    """A number to be placed in a group; `left_out` is a row of the groups (-1: none); `method` may be told."""

    row: int
    group: int
    number: int
    lane: bool
    left_out: int
    score: float = 1.0
    method: str = ""


def place(questions: Sequence[Question], groups: Groups, answers: Answers) -> None:
    """Answer every question and write the answers."""
    if not questions:
        return
    asked = list(zip(*questions, strict=True))
    rows, group = np.array(asked[0], np.int64), np.array(asked[1], np.int64)
    number, lane = np.array(asked[2], np.float64), np.array(asked[3], np.bool_)
    found = krige(
        groups.x,
        groups.y,
        groups.number,
        groups.lane,
        groups.doubt,
        groups.start[group],
        groups.numbered[group],
        number,
        lane,
        np.array(asked[4], np.int64),
        groups.slope[group],
        groups.scale,
    )
    answers.x[rows], answers.y[rows] = found[:, X], found[:, Y]
    answers.features[rows] = _features(found, lane)
    answers.method[rows] = _methods(found, lane, asked[6])
    answers.score[rows] = asked[5]
    _write_matched(questions, groups, found, answers)


def _features(found: FloatArray, lane: np.ndarray) -> FloatArray:
    return np.column_stack(
        [
            np.log(found[:, SD] + _SCALE_FLOOR_M),
            np.log1p(found[:, GAP]),
            np.log1p(found[:, NEAREST]),
            np.log(found[:, STRAIN]),
            1.0 / found[:, COUNT],
            lane.astype(np.float64),
            np.maximum(np.log(found[:, SD] + _SCALE_FLOOR_M) - 5.0, 0.0),
            (found[:, COUNT] == 1).astype(np.float64),
        ]
    )


def _methods(found: FloatArray, lane: np.ndarray, told: Sequence[str]) -> IntArray:
    between = (found[:, BELOW] >= 0) & (found[:, ABOVE] >= 0)
    code = np.where(between, CODE["interpolated"], CODE["extrapolated"])
    code = np.where(found[:, SAME] > 0, np.where(lane, CODE["lane"], CODE["same_number"]), code)
    own = np.array([CODE[name] if name else -1 for name in told], np.int64)
    return np.where(own >= 0, own, code)


def _write_matched(questions: Sequence[Question], groups: Groups, found: FloatArray, answers: Answers) -> None:
    below, above = found[:, BELOW].astype(np.int64).tolist(), found[:, ABOVE].astype(np.int64).tolist()
    numbers = groups.number_text
    for asked, low, high in zip(questions, below, above, strict=True):
        ends = [numbers[at] for at in (low, high) if at >= 0]
        answers.matched[asked.row] = groups.name[asked.group] + "–".join(ends)
