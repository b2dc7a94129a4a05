"""The figures of linking, as data; design: docs/metrics.md, "Duplicates and repeats"."""

from dataclasses import dataclass, field
from typing import Literal

from geo.errors import InputError

Rule = Literal["join", "room", "reporter"]  # strongest first

DAY_US = 86_400_000_000


@dataclass(frozen=True)
class Rules:
    """days: between two linked reports. within_m: between the points of one reporter's reports.

    room_apart_m: points further apart are not one room, whatever the address says (road names recur in other towns).
    shared_places, shared_groups: a phone with more different places, or more category groups, inside any `days` is
    shared for good. shared_phones: hashes known to be shared (front desks, estates).
    Raises InputError for figures that are not above 0.
    """

    days: float = 30.0
    within_m: float = 100.0
    room_apart_m: float = 2_000.0
    shared_places: int = 4
    shared_groups: int = 4
    shared_phones: frozenset[bytes] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        figures = (self.days, self.within_m, self.room_apart_m, self.shared_places, self.shared_groups)
        if not all(figure > 0 for figure in figures):
            raise InputError("Give the rules of linking figures above 0.")

    @property
    def window_us(self) -> int:
        """Microseconds that may lie between two linked reports."""
        return round(self.days * DAY_US)


RULES = Rules()
