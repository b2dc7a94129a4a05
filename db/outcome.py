"""What became of each row of a chunk: the one shape in which every writer answers."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Label = Literal["inserted", "updated", "unchanged"]


@dataclass
class Outcome:
    """Line → label or line → reasons; every line of the chunk ends in exactly one of the two.

    unplaced: lines that now stand in no cell. notes: sentences for the user, with how often each was said.
    """

    labels: dict[int, Label] = field(default_factory=dict)
    rejects: dict[int, list[str]] = field(default_factory=dict)
    unplaced: int = 0
    notes: Counter[str] = field(default_factory=Counter)

    def label(self, lines: Iterable[int], label: Label) -> None:
        """Say the same of several lines."""
        self.labels.update(dict.fromkeys((int(line) for line in lines), label))

    def reject(self, line: int, reason: str) -> None:
        """Refuse a line; it may have several reasons."""
        self.labels.pop(line, None)
        self.rejects.setdefault(line, []).append(reason)

    def count(self, label: Label) -> int:
        """How many lines carry a label."""
        return sum(1 for value in self.labels.values() if value == label)
