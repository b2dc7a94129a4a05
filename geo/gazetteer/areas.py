"""The last resort: the middle of a community, street or district, with the radius that holds 90 % of its addresses."""

from collections.abc import Sequence

import numpy as np

from geo.datums import FloatArray
from geo.gazetteer.radius import LEVEL

AREA_METHODS = ("community", "street", "district")
_LEAST = 3
_ENDINGS = ("街道办事处", "街道", "居委会", "社区", "新区", "镇", "乡", "区", "县")


class Areas:
    """Name of an area → (x, y, radius in metres), from the rows that say they lie in it."""

    def __init__(self, names: Sequence[str], x: FloatArray, y: FloatArray) -> None:
        rows: dict[str, list[int]] = {}
        for row, name in enumerate(names):
            if name:
                rows.setdefault(name, []).append(row)
        self._of = {name: _circle(x[held], y[held]) for name, held in rows.items() if len(held) >= _LEAST}
        self._short = {short_name(name): name for name in self._of}

    def __contains__(self, name: str) -> bool:
        return name in self._of

    def find(self, name: str) -> tuple[str, tuple[float, float, float]] | None:
        """The area of that name, or of that name without its ending (浦东 for 浦东新区)."""
        full = name if name in self._of else self._short.get(short_name(name), "")
        return (full, self._of[full]) if full else None


def short_name(name: str) -> str:
    """The name without its ending."""
    for ending in _ENDINGS:
        if name.endswith(ending) and len(name) >= len(ending) + 2:
            return name.removesuffix(ending)
    return name


def _circle(x: FloatArray, y: FloatArray) -> tuple[float, float, float]:
    middle_x, middle_y = float(np.median(x)), float(np.median(y))
    return middle_x, middle_y, float(np.quantile(np.hypot(x - middle_x, y - middle_y), LEVEL)) + 50.0
