"""The view of the read model that a bulletin is counted on."""

import sys

from dashboard.reading.desk import Desk
from db.readmodel import View


def model_view(desk: Desk) -> View:
    """The model as far as who acts may count it, brought up to date first; a line on stderr when that takes reading."""
    told: list[int] = []

    def progress(rows: int) -> None:
        told.append(rows)
        print(f"\rReading the record: {rows:,} rows", end="", file=sys.stderr, flush=True)

    found = desk.view(progress)
    if told:
        print(file=sys.stderr)
    return found
