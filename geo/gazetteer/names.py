"""Names as keys: what a number counts along, and what names have in common when they are not the same."""

import re
from typing import NamedTuple

from geo.address import Address, sound
from geo.address.numerals import value_of

_KIND = re.compile(
    "(公路|大道|支路|路|大街|街坊|街|弄|巷|新村|小区|花苑|花园|公寓|家园|佳苑|名苑|景苑|雅苑|社区|村|宅|队|苑|坊|园|里|城|道)$"
)
_SIDE = re.compile("(?<=..)(?:[东西南北中][一二三四五六七八九十]?|[一二三四五六七八九十]+|支|新)$")
_SERIES = re.compile("([^\\W\\d_]{2,}?)([一二三四五六七八九十]{1,3})(新?村|坊|区|路|街|街坊|期|弄|小区)$")
_LETTERS = 3
_SHORT = {3: ("sound", "core", "prefix", "suffix", "typo")}


class Spot(NamedTuple):
    """What an address asks for: the names to look under (best first), the number along them, the finer words."""

    heads: tuple[str, ...]
    number: int | None
    lane: bool
    words: str


def spot_of(address: Address) -> Spot:
    """The spot that an address names."""
    number = address.place_on_road
    if address.road:
        words, road = address.poi, address.road
        if words and number is not None:
            return Spot((road + words, words, road), number, address.lane is not None, "")
        return Spot((road,), number, address.lane is not None, words)
    if number is None and address.building.isdigit():
        number = int(address.building)
    if address.village:
        return Spot((address.village,), number, address.lane is not None, address.group + address.poi)
    head = address.poi or (address.community if number is None else "")
    return Spot((head,) if head else (), number, address.lane is not None, address.group)


def core_of(name: str) -> str:
    """The name without its kind, direction and ordinal: 凯旋南路 and 凯旋路 are both 凯旋."""
    bare = _KIND.sub("", name)
    bare = _SIDE.sub("", bare)
    return bare if len(bare) >= 2 else name


def series_of(name: str) -> tuple[str, int] | None:
    """(the series, which of it) for numbered names: 控江三村 → (控江村, 3); None for others."""
    found = _SERIES.match(name)
    return (found[1] + found[3], value_of(found[2])) if found else None


def relations_of(name: str) -> tuple[str, ...]:
    """The relations worth trying for a name, the closest first.

    Of a long name a slip leaves more than a shared beginning is; of a short one hardly anything.
    """
    return ("sound", "core", "typo", "prefix", "suffix") if len(name) > _LETTERS else _SHORT.get(len(name), ("core",))


def likeness_keys(name: str, relation: str) -> tuple[str, ...]:
    """The keys of a relation: names that share one are so related."""
    if relation == "sound":
        return (sound(name),)
    if relation == "core":
        return (core_of(name),)
    if relation == "prefix":
        return (name[:2],)
    if relation == "suffix":
        return (core_of(name)[-2:],)
    without = [f"{place}{name[:place]}_{name[place + 1 :]}" for place in range(len(name) - 1)]
    if len(name) > _LETTERS:
        without += [name[:place] + name[place + 1 :] for place in range(len(name) - 1)]
    return (*without, name)


def letter_pairs(name: str) -> frozenset[str]:
    """The pairs of neighbouring letters of a name, its ends counted as letters."""
    framed = f"^{name}$"
    return frozenset([framed[i : i + 2] for i in range(len(framed) - 1)])


def shared(a: frozenset[str], b: frozenset[str]) -> float:
    """Share of letter pairs that two names have in common (Dice, 0-1)."""
    return 2 * len(a & b) / (len(a) + len(b))
