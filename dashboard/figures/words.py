"""Names beside bars and dots: how much room they take, and how long ones are shortened."""

from collections.abc import Sequence

import pandas as pd

WIDE_PX, NARROW_PX, GAP_PX = 12.0, 7.5, 20.0  # of a letter of a bar's name, and around the name
LATIN, LONGEST = "\u02ff", 14


def room(names: Sequence[str]) -> float:
    """Pixels for the longest line of all names."""
    lines = (line for name in names for line in name.split("<br>"))
    return GAP_PX + max((sum(WIDE_PX if letter > LATIN else NARROW_PX for letter in line) for line in lines), default=0)


def shortened(name: str) -> str:
    """The name, cut where it is longer than fits beside a bar."""
    return name if _wide(name) <= LONGEST else name[: _fitting(name)].rstrip() + "…"


def in_two_lines(name: str) -> str:
    """The name on two lines where it has blanks and is longer than fits, for bars that stand far enough apart."""
    words, first = name.split(" "), ""
    while len(words) > 1 and _wide(f"{first}{words[0]}") <= LONGEST:
        first += f"{words.pop(0)} "
    if _wide(name) <= LONGEST or not first:
        return shortened(name)
    return f"{first.rstrip()}<br>{shortened(' '.join(words))}"


def _fitting(name: str) -> int:
    """How many letters fit together with the dots."""
    return max(n for n in range(len(name)) if _wide(name[:n]) <= LONGEST - 1)


def _wide(name: str) -> float:
    """In letters of Chinese: those of English are narrower."""
    return sum(1.0 if letter > LATIN else NARROW_PX / WIDE_PX for letter in name)


def left_out(frame: pd.DataFrame, rows: pd.DataFrame) -> dict[str, int]:
    """The meta of a picture that draws only the first rows of its frame: how many it draws, and of how many."""
    return {"drawn": len(rows), "of": len(frame)}
