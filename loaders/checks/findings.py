"""Collects the reasons against rows, by position; only failing rows cost anything."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
SHOWN = 40  # characters of a faulty value that a reason quotes


@dataclass
class Findings:
    """Reasons by row position, and remarks with the number of rows that each is about."""

    reasons: dict[int, list[str]] = field(default_factory=dict)
    notes: Counter[str] = field(default_factory=Counter)

    def add(self, positions: Iterable[int], sentence: str | Callable[[int], str]) -> None:
        """The same sentence, or the one made for each position."""
        for at in positions:
            text = sentence if isinstance(sentence, str) else sentence(at)
            self.reasons.setdefault(int(at), []).append(text)

    def where(self, mask: Mask, sentence: str | Callable[[int], str]) -> None:
        """As `add`, for the positions where the mask holds."""
        if mask.any():
            self.add(np.flatnonzero(mask).tolist(), sentence)


def shown(value: object) -> str:
    """A value as a reason quotes it: in quotes, cut when long."""
    text = str(value)
    return repr(text if len(text) <= SHOWN else text[: SHOWN - 1] + "…")
