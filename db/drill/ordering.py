"""In which order rows are listed: by any of SORTS, equal ones by their own instant and place in the model."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from db.drill.told import matter_rows
from db.measures.containment import standing_of
from db.measures.question import Question
from db.readmodel.asking import SORTED_BY, Asked
from db.readmodel.columns import Array
from geo.errors import InputError

Order = Callable[[Question, Asked, str], Array]


def in_order(asked: Question, found: Asked, table: str, sort: str = "", *, descending: bool = True) -> Asked:
    """The rows sorted by one of SORTS; "": by the instant at which each counts. InputError for another."""
    if sort and sort not in SORTS:
        raise InputError(f"Rows are sorted by one of {', '.join(SORTS)}, not {sort!r}.")
    values = SORTS[sort](asked, found, table) if sort else found[SORTED_BY[table]]
    order = np.lexsort((np.arange(len(found)), values))
    return found.where(order[::-1] if descending else order)


def _of_matter(name: str) -> Order:
    return lambda asked, found, table: asked.view.rows("matter")[name][matter_rows(found, table)]


def _place(kind: str) -> Order:
    def order(asked: Question, found: Asked, table: str) -> Array:
        spot = found["spot"] if table == "report" else _of_matter("spot")(asked, found, table)
        return asked.view.about.spots.then().named(kind)[0][spot]

    return order


def _word(name: str) -> Order:
    def order(asked: Question, found: Asked, table: str) -> Array:
        codes = found[name] if table == "report" else _of_matter(name)(asked, found, table)
        words = asked.view.about.words
        listed = [row[2] for row in words.categories] if name == "category" else [row[0] for row in words.channels]
        rank = np.empty(len(listed), np.int64)
        rank[np.argsort(np.array(listed, dtype=str), kind="stable")] = np.arange(len(listed))
        return rank[codes]

    return order


def _severity(asked: Question, found: Asked, table: str) -> Array:
    return asked.severity(matter_rows(found, table))


def _state(asked: Question, found: Asked, table: str) -> Array:
    flags, _ = standing_of(asked, matter_rows(found, table))
    return np.where(flags["escaped"], 2, np.where(flags["pending"], 1, 0))


def _closed(asked: Question, found: Asked, table: str) -> Array:
    return asked.standing()[matter_rows(found, table)]


def _minutes(asked: Question, found: Asked, table: str) -> Array:
    return np.nan_to_num(_of_matter("minutes")(asked, found, table), nan=-1.0)


SORTS: Mapping[str, Order] = MappingProxyType(
    {
        "opened": _of_matter("opened"),
        "channel": _word("channel"),
        "category": _word("category"),
        "severity": _severity,
        "cell": _place("cell"),
        "beat": _place("beat"),
        "state": _state,
        "due": _of_matter("due"),
        "closed": _closed,
        "minutes": _minutes,
        "reports": _of_matter("reports"),
    }
)
