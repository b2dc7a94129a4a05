"""Finds the delimiter of a text table: the one that cuts most records into as many fields as the titles."""

import csv
from collections.abc import Sequence
from itertools import islice

DELIMITERS = (",", "\t", ";", "|")
SAMPLE_RECORDS = 50


def sniff(lines: Sequence[str], first: str = ",") -> str:
    """One of `, tab ; |`; `first` wins ties and is the answer for a single column."""
    candidates = sorted(DELIMITERS, key=lambda delimiter: delimiter != first)
    return max(candidates, key=lambda delimiter: _fit(lines, delimiter))


def _fit(lines: Sequence[str], delimiter: str) -> tuple[bool, float, int]:
    try:
        rows = [row for row in islice(csv.reader(lines, delimiter=delimiter), SAMPLE_RECORDS) if row]
    except csv.Error:
        return (False, 0.0, 0)
    width = len(rows[0]) if rows else 0
    return (width > 1, sum(len(row) == width for row in rows) / max(len(rows), 1), width)
