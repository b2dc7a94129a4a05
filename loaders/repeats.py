"""Rows of one file that come again under the same number, in this chunk or an earlier one."""

from collections.abc import Hashable, Iterable

import pandas as pd

from db.outcome import Outcome


class Repeats:
    """What a file has said so far, by the number of its rows; `what` calls such a number in a reason."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._seen: dict[Hashable, tuple[Hashable, int]] = {}

    def first_only(
        self, rows: pd.DataFrame, numbers: Iterable[Hashable], contents: Iterable[Hashable], outcome: Outcome
    ) -> pd.DataFrame:
        """The first row of each number; a later one is unchanged when its content is alike, rejected when it differs.

        rows: index line; `numbers` and `contents` (hashes) are aligned with them. Lines never repeat in a file.
        """
        repeated = []
        for line, number, content in zip(rows.index, numbers, contents, strict=True):
            before, first = self._seen.setdefault(number, (content, int(line)))
            if first == line:
                continue
            repeated.append(line)
            if before == content:
                outcome.label([line], "unchanged")
            else:
                outcome.reject(int(line), self._reason(number, first))
        return rows.drop(index=repeated) if repeated else rows

    def _reason(self, number: Hashable, first: int) -> str:
        shown = ":".join(map(str, number)) if isinstance(number, tuple) else repr(number)
        return f"the {self._what} {shown} is already in line {first} with other content"
