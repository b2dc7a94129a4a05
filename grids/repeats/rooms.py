"""Addresses as keys: the same unit or room, the same building, however they were written."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from geo.address import Address, parse

# Counted floors that parse() reads as a room: 12楼1203室 is room 1203, 12层 alone is none.
_FLOOR = re.compile("(?<![0-9号])([0-9]{1,3})(?:楼|层)(?:-?([0-9]{1,5}[A-Za-z]?)(?:室|户|房)?)?")


class Rooms(NamedTuple):
    """Keys of one address, "" where it does not go so far. The district stands apart: many writers leave it out."""

    room: str = ""
    building: str = ""
    district: str = ""


NOWHERE = Rooms()


def rooms_of(addresses: Iterable[str | None]) -> list[Rooms]:
    """The keys of each address; none for nothing and for places beside a named one (对面, 附近)."""
    return [_keys(address) if isinstance(address, str) and address else NOWHERE for address in addresses]


@lru_cache(maxsize=1 << 16)
def _keys(text: str) -> Rooms:
    address = parse(text)
    if address.relation or address.crosses:
        return NOWHERE
    building, unit, room = _inside(address)
    named = (address.village, address.group, address.road, address.lane, address.sublane, address.number)
    # An estate's name beside a road and number says nothing more; alone it is the place.
    numbered = address.lane is not None or address.number is not None
    outside = (*named, address.suffix, "" if address.road and numbered else address.poi)
    if not (numbered or (address.poi and (building or room))):
        return Rooms(district=address.district)
    base = "|".join("" if part is None else str(part) for part in (*outside, building))
    return Rooms(f"{base}|{unit}|{room}" if unit or room else "", base, address.district)


def _inside(address: Address) -> tuple[str, str, str]:
    """Building, unit and room; where a name stands between number and building, they are read behind it."""
    inner = address
    if address.rest and not (address.building or address.unit or address.room):
        inner = parse(address.rest)
    return inner.building, inner.unit, _room(inner)


def _room(address: Address) -> str:
    floor = _FLOOR.search(address.text) if "楼" in address.text or "层" in address.text else None
    if floor and floor[1] == address.room:
        return floor[2] or ""
    return address.room
