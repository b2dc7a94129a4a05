"""Cells that are there twice: the same shape, or the same code."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from geo.adjacency import pieces as connected
from geo.topology.coverage import Coverage
from geo.topology.finding import Defect
from geo.topology.pieces import Piece

Texts = Sequence[str | None]


@dataclass(frozen=True)
class Twins:
    """The defects, and the overlaps that are left: those of all but the first of the cells of one shape, and those
    between rows of one code, are told by the defects."""

    defects: list[Defect]
    overlaps: list[Piece]


def twins(coverage: Coverage, overlaps: Sequence[Piece], codes: Texts, beats: Texts | None) -> Twins:
    """Cells of one shape (common ground at least `twin` of the joint ground) and cells of one code, each group once."""
    same_shape = _same_shape(coverage, overlaps)
    groups = [group for group in connected(same_shape, same_shape) if len(group) > 1]
    group_of = {cell: number for number, group in enumerate(groups) for cell in group}
    defects = [_drawn_twice(coverage, group, codes) for group in groups]
    code_of = {cell: codes[row] for cell, row in enumerate(coverage.rows.tolist())}

    spare = {cell for group in groups for cell in group[1:]}

    def told(piece: Piece) -> bool:
        one, other = piece.cells
        return bool({one, other} & spare) or (code_of[one] is not None and code_of[one] == code_of[other])

    defects += _same_code(coverage, codes, beats, overlaps, group_of)
    return Twins(defects, [piece for piece in overlaps if not told(piece)])


def _same_shape(coverage: Coverage, overlaps: Sequence[Piece]) -> dict[int, dict[int, float]]:
    common: dict[tuple[int, ...], float] = {}
    for piece in overlaps:
        common[piece.cells] = common.get(piece.cells, 0.0) + piece.area_m2
    area = shapely.area(coverage.shapes)
    links: dict[int, dict[int, float]] = {}
    for (one, other), ground in common.items():
        if ground >= coverage.tolerances.twin * (area[one] + area[other] - ground):
            links.setdefault(one, {})[other] = 1.0
            links.setdefault(other, {})[one] = 1.0
    return links


def _drawn_twice(coverage: Coverage, group: tuple[int, ...], codes: Texts) -> Defect:
    rows = tuple(int(row) for row in coverage.rows[list(group)])
    same_code = len({codes[row] for row in rows}) == 1 and codes[rows[0]] is not None
    return Defect("duplicate", rows, coverage.shapes[group[0]], "row" if same_code else "shape")


def _same_code(
    coverage: Coverage, codes: Texts, beats: Texts | None, overlaps: Sequence[Piece], group_of: dict[int, int]
) -> Iterator[Defect]:
    pairs = (coverage.rows[list(piece.cells)] for piece in overlaps)
    overlapping = {codes[one] for one, other in pairs if codes[one] == codes[other]}
    place = {int(row): cell for cell, row in enumerate(coverage.rows)}
    rows_of: dict[str, list[int]] = {}
    for row, code in enumerate(codes):
        if code is not None:
            rows_of.setdefault(code, []).append(row)
    for code, rows in rows_of.items():
        drawn = [place[row] for row in rows if row in place]
        shapes = {group_of.get(cell, -1 - cell) for cell in drawn}
        if len(rows) < 2 or (len(shapes) == 1 and len(drawn) == len(rows)):
            continue
        parts = beats is None or len({beats[row] for row in rows}) == 1
        apart = code not in overlapping
        shape = shapely.union_all(coverage.shapes[np.array(drawn, dtype=np.intp)]) if drawn else None
        yield Defect("duplicate", tuple(rows), shape, "parts" if parts and apart else "code")
