"""What rarely changes and every page names: the city, its places, channels and categories."""

from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd
from sqlalchemy import Connection

from dashboard.language import one_of
from dashboard.reading.gaps import read_gaps
from dashboard.reading.records import rows
from db import catalogue, geography
from db.city import City, city


@dataclass(frozen=True)
class Facts:
    """places[kind, code, name, parent "kind:code"]; channels[code, name_zh, name_en]; categories[code, name, group].

    missing: what the record has nothing of (reading.gaps.KINDS). cells: codes of the cells that the reader's places
    hold, to which places is then bounded; None: all of them. version: of the boundaries (db.geography); part of every
    geometry's address.
    """

    city: City
    places: pd.DataFrame
    channels: pd.DataFrame
    categories: pd.DataFrame
    missing: frozenset[str] = field(default=frozenset())
    cells: frozenset[str] | None = None
    version: str = ""

    @cached_property
    def names(self) -> dict[str, str]:
        """Name of every place by "kind:code"."""
        keys = self.places["kind"] + ":" + self.places["code"]
        return dict(zip(keys, self.places["name"], strict=True))

    @cached_property
    def parents(self) -> dict[str, str | None]:
        """ "kind:code" of the place above, by "kind:code"."""
        keys = self.places["kind"] + ":" + self.places["code"]
        parents = self.places["parent"].astype(object).where(self.places["parent"].notna(), None)
        return dict(zip(keys, parents, strict=True))

    def name(self, place: str) -> str:
        """Name of "kind:code", or the code itself when nothing has it."""
        return self.names.get(place, place.partition(":")[2])

    def knows(self, place: str | None) -> bool:
        """Whether "kind:code" is a place that there is now; everywhere (None) always is."""
        return place is None or place in self.names

    def trail(self, place: str | None) -> list[str]:
        """The places above `place`, from the top, ending with itself."""
        found: list[str] = []
        while place and place not in found:
            found.insert(0, place)
            place = self.parents.get(place)
        return found

    def groups(self) -> list[str]:
        """Every group of categories, in the catalogue's order."""
        return [str(group) for group in self.categories["group"].dropna().unique()]

    def channel_names(self, lang: str) -> dict[str, str]:
        """Name of every channel by its code, in the reader's language."""
        return {row.code: one_of(lang, row.name_zh, row.name_en) for row in rows(self.channels)}


def read_facts(conn: Connection) -> Facts:
    """All facts, read in one transaction."""
    channels, categories = catalogue.channels(conn), catalogue.categories(conn)
    version = geography.boundary_version(conn)
    return Facts(city(conn), geography.places(conn), channels, categories, read_gaps(conn), version=version)
