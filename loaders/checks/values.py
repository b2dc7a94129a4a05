"""Fetches the text of a field: its column, what stands in for it, and the source's own coding."""

from collections.abc import Mapping as Table
from dataclasses import dataclass, field

import pandas as pd

from loaders.field_types import plain
from loaders.mapping import Mapping
from loaders.profiles import Section

Texts = list[str | None]


@dataclass(frozen=True)
class Sheet:
    """The rows under check together with how their fields are named and coded."""

    frame: pd.DataFrame
    mapping: Mapping
    section: Section
    missing: frozenset[str] = field(default_factory=frozenset)

    def has(self, name: str) -> bool:
        """Whether any column or constant gives the field."""
        return name in self.mapping.columns or name in self.mapping.constants

    def label(self, name: str) -> str:
        """The field as a reason names it, with the column's title when that differs."""
        column = self.mapping.columns.get(name)
        return name if column is None or plain(column) == plain(name) else f"{name} (column {column!r})"

    def objects(self, name: str) -> list[object]:
        """The field's values as the reader gave them, geometry among them."""
        column = self.mapping.columns.get(name)
        return [None] * len(self.frame) if column is None else self.frame[column].tolist()

    def texts(self, name: str) -> Texts:
        """The field's text in every row: source codes translated, zeros padded, prefixes put in front, "no value"
        words taken as None.
        """
        if name not in self.mapping.columns:
            return [self.mapping.constants.get(name)] * len(self.frame)
        values = self._column(self.mapping.columns[name])
        for column in self.mapping.fallbacks.get(name, ()):
            spare = self._column(column)
            values = [other if value is None else value for value, other in zip(values, spare, strict=True)]
        if codes := self.section.values.get(name):
            values = _translated(values, codes)
        if width := self.section.pad.get(name):
            values = [value and value.zfill(width) for value in values]
        if prefix := self.section.prefix.get(name):
            values = [value and prefix + value.removeprefix(prefix) for value in values]
        return values

    def _column(self, column: str) -> Texts:
        values: Texts = self.frame[column].tolist()
        if self.missing.isdisjoint(values):
            return values
        return [None if value in self.missing else value for value in values]


def _translated(values: Texts, codes: Table[str, str]) -> Texts:
    return [codes.get(value, value) if value is not None else None for value in values]
