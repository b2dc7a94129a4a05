"""The six levels a matter can rise through, and the ladder that ranks them for one place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeGuard, get_args

from geo.errors import InputError

Level = Literal["cell", "beat", "community", "street", "district", "city"]
LEVELS: tuple[Level, ...] = get_args(Level)


class Name(NamedTuple):
    """What people call one thing, in Chinese and in English."""

    zh: str
    en: str


# Stations, street centres, tribunals and joint mediation rooms have no level of their own: they are street.
LEVEL_NAMES: Mapping[Level, Name] = MappingProxyType(
    {
        "cell": Name("网格", "cell"),
        "beat": Name("警格", "beat"),
        "community": Name("社区", "community"),
        "street": Name("街道", "street"),
        "district": Name("区", "district"),
        "city": Name("市", "city"),
    }
)


def is_level(text: object) -> TypeGuard[Level]:
    """Whether `text` is one of LEVELS."""
    return text in LEVELS


@dataclass(frozen=True)
class Ladder:
    """The order of levels in one place: level → rank, higher is further from the cell, ties allowed.

    Raises InputError unless exactly the six LEVELS are ranked.
    """

    ranks: Mapping[Level, int] = field(hash=False)

    def __post_init__(self) -> None:
        if set(self.ranks) != set(LEVELS):
            raise InputError(f"Give a rank to each of these levels and to no other: {', '.join(LEVELS)}.")

    @classmethod
    def default(cls) -> "Ladder":
        """cell < beat < community < street < district < city."""
        return cls(MappingProxyType({level: rank for rank, level in enumerate(LEVELS)}))

    def beyond(self, ceiling: Level) -> tuple[Level, ...]:
        """The levels that rank strictly above `ceiling`, in the order of LEVELS: a tie is not beyond."""
        return tuple(level for level in LEVELS if self.ranks[level] > self.ranks[ceiling])
