"""Unit-grid codes of 15 digits: 6 district + 3 street + 3 community + 3 sequence; made so that they never move.

The layout and the order are practice laid down in China's standards for grid management: CJ/T 349-2010 (numbers run
left to right, top to bottom) and, for cells of social governance, Xi'an's DB6101/T 3185-2024 (each community on its
own, from west to east, then from north to south).
"""

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.datums import FloatArray
from geo.errors import InputError
from geo.vertices import Shapes, as_shapes

CODE_DIGITS = 15
COMMUNITY_DIGITS = 12
LAST_NUMBER = 999


def check_code(code: str) -> list[str]:
    """What keeps a text from being a unit-grid code, each as part of a sentence; empty when nothing does."""
    if not re.fullmatch(r"[0-9]+", code):
        return [f"{code!r} has other signs than the digits 0 to 9"]
    if len(code) != CODE_DIGITS:
        return [f"{code} has {len(code)} digits instead of {CODE_DIGITS} (6 district, 3 street, 3 community, 3 number)"]
    named = {"district": code[:6], "street": code[6:9], "community": code[9:12], "cell": code[12:]}
    return [f"{code} has zeros where the {part} stands" for part, digits in named.items() if not int(digits)]


def number_cells(frame: pd.DataFrame, existing: pd.DataFrame | None = None) -> pd.Series:
    """Codes of a drawing: cells that were not redrawn keep theirs, others continue after the last number.

    `frame`: geometry (WGS-84), community (12 digits), and, where the column is there, code (a code that is given
    stays). `existing`: code and geometry of every cell ever numbered, retired ones too (geometry may be None), so that
    no number is given twice. A cell whose shape equals that of an existing cell of its community keeps its code. The
    others are numbered community by community: the span of their inner points from north to south is cut into
    round(√n) rows of equal height; rows go from the north, and in a row cells go from west to east. Returns text
    aligned with `frame`. Raises InputError for a community that is not 12 digits, a code given twice, or a community
    with more than 999 numbers.
    """
    shapes = as_shapes(frame["geometry"])
    communities = [_community(value) for value in frame["community"]]
    codes = _given(frame)
    past = pd.DataFrame({"code": [], "geometry": []}) if existing is None else existing
    _keep(codes, shapes, communities, past)
    used = _numbers([code for code in codes if code] + [str(code) for code in past["code"]])
    waiting: dict[str, list[int]] = {}
    for row, code in enumerate(codes):
        if code is None:
            waiting.setdefault(communities[row], []).append(row)
    for community, rows in waiting.items():
        last = used.get(community, 0)
        if last + len(rows) > LAST_NUMBER:
            raise InputError(
                f"Community {community} would need number {last + len(rows)}, and {LAST_NUMBER} is the last:"
                " draw fewer cells, or split the community."
            )
        for number, row in enumerate(_in_order(rows, shapes), start=last + 1):
            codes[row] = f"{community}{number:03d}"
    return pd.Series(codes, index=frame.index, dtype=object, name="code")


def reading_order(x: FloatArray, y: FloatArray) -> NDArray[np.intp]:
    """Positions of points in the order in which they are read: round(√n) rows of equal height from the north, each
    from west to east; in one place of a row, the northern point first."""
    rows = max(1, round(np.sqrt(len(x))))
    # A point on the southern edge of the last row belongs to it.
    height = max(float(np.ptp(y)) / rows, 1e-12) if len(y) else 1.0
    row = np.minimum(np.floor((np.max(y, initial=-90.0) - y) / height + 1e-9), rows - 1)
    return np.lexsort((-y, x, row))


def _community(value: object) -> str:
    text = str(value)
    if not re.fullmatch(rf"[0-9]{{{COMMUNITY_DIGITS}}}", text):
        raise InputError(f"The community {text!r} is not {COMMUNITY_DIGITS} digits: 6 district, 3 street, 3 community.")
    return text


def _given(frame: pd.DataFrame) -> list[str | None]:
    if "code" not in frame:
        return [None] * len(frame)
    codes = [None if pd.isna(code) or not str(code).strip() else str(code).strip() for code in frame["code"]]
    stated = [code for code in codes if code is not None]
    twice = sorted({code for code in stated if stated.count(code) > 1}) if len(set(stated)) < len(stated) else []
    if twice:
        raise InputError(f"The code {twice[0]} is given to several cells: leave it to one and empty the others.")
    return codes


def _keep(codes: list[str | None], shapes: Shapes, communities: list[str], past: pd.DataFrame) -> None:
    """Give cells the code under which their very shape is known in their community."""
    taken = {code for code in codes if code}
    known: dict[tuple[str, bytes], str] = {}
    for code, geometry in sorted(zip(past["code"].astype(str), past["geometry"], strict=True), reverse=True):
        if geometry is not None and code not in taken and not check_code(code):
            known[code[:COMMUNITY_DIGITS], _fingerprint(geometry)] = code
    for row, given in enumerate(codes):
        if given is None:
            codes[row] = known.pop((communities[row], _fingerprint(shapes[row])), None)


def _fingerprint(shape: Any) -> bytes:
    """The same for shapes that differ only in where their rings begin and in less than a millimetre."""
    packed: bytes = shapely.to_wkb(shapely.normalize(shapely.set_precision(shape, 1e-8, mode="pointwise")))
    return packed


def _numbers(codes: Iterable[str]) -> dict[str, int]:
    """Highest number ever given in each community."""
    used: dict[str, int] = {}
    for code in codes:
        if len(code) == CODE_DIGITS and code.isdecimal():
            community, number = code[:COMMUNITY_DIGITS], int(code[COMMUNITY_DIGITS:])
            used[community] = max(used.get(community, 0), number)
    return used


def _in_order(rows: list[int], shapes: Shapes) -> list[int]:
    """Rows in reading order of their inner points, whatever the order in which they stand."""
    # Shapes first, so that equal points (cells drawn twice) have one order, too.
    steady = sorted(rows, key=lambda row: _fingerprint(shapes[row]))
    inner = shapely.point_on_surface(shapely.normalize(as_shapes(shapes[row] for row in steady)))
    order = reading_order(shapely.get_x(inner), shapely.get_y(inner))
    return [steady[at] for at in order.tolist()]
