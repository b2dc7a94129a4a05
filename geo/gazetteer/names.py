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
        words = address.poi
        if words and number is not None:
            return Spot((address.road + words, words, address.road), number, address.lane is not None, "")
        return Spot((address.road,), number, address.lane is not None, words)
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


def likeness_keys(name: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(relation, keys) from the closest relation to the loosest: names that share a key are so related."""
    if len(name) < _LETTERS:
        return (("core", (core_of(name),)),)
    without = tuple(f"{place}{name[:place]}_{name[place + 1 :]}" for place in range(len(name) - 1))
    longer = tuple(name[:place] + name[place + 1 :] for place in range(len(name) - 1))
    return (
        ("sound", (sound(name),)),
        ("core", (core_of(name),)),
        ("prefix", (name[:2],)),
        ("suffix", (core_of(name)[-2:],)),
        ("typo", without + (longer + (name,) if len(name) > _LETTERS else ())),
        ("initial", (name[0],)),
    )


def shared_letters(a: str, b: str) -> float:
    """Share of letter pairs (Dice, 0-1) that two names have in common, ends counted as letters."""
    pairs_a = {a[i : i + 2] for i in range(len(a) - 1)} | {"^" + a[:1], a[-1:] + "$"}
    pairs_b = {b[i : i + 2] for i in range(len(b) - 1)} | {"^" + b[:1], b[-1:] + "$"}
    return 2 * len(pairs_a & pairs_b) / (len(pairs_a) + len(pairs_b))
