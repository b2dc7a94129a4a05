"""Days off of the demo city: the shipped holiday files, which it loads like any other."""

import csv
import shutil
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SHIPPED = Path(__file__).parent.parent / "calendars"


def holiday_paths(folder: Path) -> list[Path]:
    """Copies of the shipped holiday files in the city's folder."""
    return [Path(shutil.copyfile(path, folder / f"holidays-{path.name}")) for path in sorted(SHIPPED.glob("*.csv"))]


def workdays(days: NDArray[np.datetime64]) -> NDArray[np.bool_]:
    """Whether people work on each day (datetime64[D]): weekdays, unless a holiday file says otherwise."""
    told = _told()
    weekday = (days.astype("datetime64[D]").astype(int) + 3) % 7  # Monday is 0
    return np.array([told.get(str(day), at < 5) for day, at in zip(days, weekday, strict=True)], dtype=bool)


@lru_cache(maxsize=1)
def _told() -> dict[str, bool]:
    rows = [row for path in sorted(SHIPPED.glob("*.csv")) for row in csv.DictReader(path.open(encoding="utf-8"))]
    return {row["day"]: row["kind"] == "work" for row in rows}
