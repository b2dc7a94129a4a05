"""What is wrong with a draft, in words and on the map: each finding with its cells and the box that shows them."""

from dataclasses import dataclass

import numpy as np
import shapely

from db.planning.board import Sitting
from geo.vertices import as_shapes
from grids.planning.findings import RULES, Finding, Weight, overloads

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Problem:
    """A rule that a draft breaks: names of the rule, beat and cells (codes), the sentence, and the box (west, south,
    east, north, WGS-84) that holds the cells, or the whole beat where it is about no single cell."""

    rule: str
    name_zh: str
    name_en: str
    weight: Weight
    beat: str
    cells: tuple[str, ...]
    zh: str
    en: str
    box: Box | None


def problems(sitting: Sitting) -> list[Problem]:
    """Everything that is wrong with a draft, errors first; the order in which one goes from one to the next."""
    board, before, after = sitting.board, sitting.before, sitting.after
    loads = [board.loads(held) for held in (before, after)]
    found = [*board.ground.findings(sitting.draft), *overloads(board.ground.rules(sitting.draft), *loads)]
    return [_told(sitting, each) for each in found]


def _told(sitting: Sitting, found: Finding) -> Problem:
    ground, name = sitting.board.ground, RULES[found.rule]
    codes = ground.cells["code"].to_numpy(object)
    shown = found.cells or tuple(
        np.flatnonzero((sitting.after == found.beat) | (sitting.before == found.beat)).tolist()
    )
    return Problem(
        found.rule, name.zh, name.en, found.weight, str(ground.beats["code"].iloc[found.beat]),
        tuple(str(codes[cell]) for cell in found.cells), found.zh, found.en, _box(sitting, shown),
    )  # fmt: skip


def _box(sitting: Sitting, cells: tuple[int, ...]) -> Box | None:
    if not cells:
        return None
    west, south, east, north = shapely.total_bounds(as_shapes(sitting.board.cells["geometry"].iloc[list(cells)]))
    return (float(west), float(south), float(east), float(north))
