"""Checks the column titles of a file before anything is read from it."""

from collections import Counter
from collections.abc import Sequence

from geo.errors import InputError
from loaders.readers.source import BROKEN, RECORD


def column_titles(titles: Sequence[str | None], name: str) -> list[str]:
    """Trimmed titles without untitled columns at the end; untitled ones between get "column N".

    Raises InputError when a title appears twice or there is none at all.
    """
    kept = [(title or "").strip() for title in titles]
    while kept and not kept[-1]:
        kept.pop()
    if not kept:
        raise InputError(f"{name} has no column titles: write the titles in its first line.")
    columns = [title or f"column {place}" for place, title in enumerate(kept, start=1)]
    _refuse_repeated(columns, name)
    return columns


def _refuse_repeated(columns: list[str], name: str) -> None:
    repeated = [title for title, times in Counter(columns).items() if times > 1]
    if repeated:
        places = [str(place) for place, title in enumerate(columns, start=1) if title == repeated[0]]
        raise InputError(
            f"{name} has the column title {repeated[0]!r} {len(places)} times (columns {', '.join(places)}):"
            " rename all but one."
        )
    reserved = {BROKEN, RECORD} & set(columns)
    if reserved:
        raise InputError(f"{name} has a column {reserved.pop()!r}, a name kept for beatgrid: rename it.")


def refuse_empty(total: int | None, name: str) -> None:
    """Raise InputError when a file has titles and not one row."""
    if total == 0:
        raise InputError(f"{name} has column titles but not one row: nothing to load.")
