"""Dictionaries of the model: what its codes of categories and channels mean."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from sqlalchemy import Connection, select

from db.readmodel.columns import Array
from db.tables import Category, Channel

CATEGORY = ("id", "code", "name", "group", "containable", "minutes", "police", "default_severity")


@dataclass(frozen=True)
class Words:
    """Categories (rows of CATEGORY) and channels (code, name), in the order of the codes in the columns."""

    categories: list[list[Any]]
    channels: list[list[str]]

    def category(self, name: str) -> Array:
        """One of CATEGORY by the code in the columns: words.category("police")[rows["category"]]."""
        values = [row[CATEGORY.index(name)] for row in self.categories]
        return np.array(values, dtype=None if values and not isinstance(values[0], str) else object)

    @cached_property
    def minutes(self) -> Array:
        """Minutes of each category, NaN where the catalogue says none."""
        return np.array([np.nan if row[5] is None else row[5] for row in self.categories], np.float64)

    def place_of(self, ids: Array) -> Array:
        """The code of each category (id of the record)."""
        known = np.array([row[0] for row in self.categories], dtype=np.int64)
        by_id = np.argsort(known)
        return by_id[np.searchsorted(known[by_id], ids)].astype(np.int16)

    def fits(self, other: "Words") -> bool:
        """Whether columns written with `other` say the same with these: its codes in their places, equal minutes."""
        pairs = zip(self.categories, other.categories, strict=False)
        same = len(self.categories) >= len(other.categories) and len(self.channels) >= len(other.channels)
        return same and all((new[0], new[5]) == (old[0], old[5]) for new, old in pairs)


def read_words(conn: Connection, before: Words | None = None) -> Words:
    """The dictionaries of the record, those known before in their places."""
    columns = [getattr(Category, name) for name in CATEGORY]
    categories = {row[0]: list(row) for row in conn.execute(select(*columns).order_by(Category.id))}
    channels = {row[0]: list(row) for row in conn.execute(select(Channel.code, Channel.name_zh).order_by(Channel.code))}
    known = before or Words([], [])
    in_order = [categories.pop(row[0], row) for row in known.categories] + list(categories.values())
    return Words(in_order, [channels.pop(row[0], row) for row in known.channels] + list(channels.values()))
