"""The numbers after a road or an estate: lane, number, building, unit, room, with suffixes and ranges."""

import re
from typing import NamedTuple

# A number of more digits is a telephone or a parcel, not a place on a road.
_PIECE = re.compile(
    "[-、]?(?<![0-9])([0-9]{1,6})(?![0-9])([甲乙丙丁戊己]|[A-Za-z](?![A-Za-z]))?(?:(?:[-、]|号-)([0-9]{1,6})(?![0-9]))?"
    "(号楼|号院|号门|号|支弄|弄|里弄|巷|条|幢|栋|座|楼|单元|室|层|组|队|户|门)?([甲乙丙丁戊己](?![^\\W\\d_]))?"
)
_LETTERED = re.compile("[-、]?([A-Za-z]{1,2})(?:座|栋|幢|楼|号楼)")
_LANES = frozenset({"弄", "里弄", "巷", "条"})
_BUILDINGS = frozenset({"号楼", "号院", "幢", "栋", "座"})
_WIDEST_RANGE = 400


class Pieces(NamedTuple):
    """What the numbers say; None or "" for what they do not. `until` is the end of a range (12-16号 → 16)."""

    lane: int | None = None
    sublane: int | None = None
    number: int | None = None
    until: int | None = None
    suffix: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""
    group: str = ""
    left: str = ""


def take_pieces(tail: str) -> Pieces:
    """Read the run of numbers that a text starts with; `left` is what follows it."""
    said: dict[str, int | str | None] = {}
    at = 0
    while found := _PIECE.match(tail, at) or _LETTERED.match(tail, at):
        if found.re is _PIECE:
            _place(said, found)
        else:
            said.setdefault("building", found[1])
        at = found.end()
    return Pieces(**said, left=tail[at:])  # type: ignore[arg-type]


def _place(said: dict[str, int | str | None], found: re.Match[str]) -> None:
    first, letter, second, unit, after = found.groups()
    number = int(first)
    if unit in _LANES:
        said["sublane" if "lane" in said else "lane"] = number
    elif unit == "支弄":
        said["sublane"] = number
    elif unit in _BUILDINGS:
        said.setdefault("building", first + (letter or ""))
    elif unit in ("单元", "门"):
        said.setdefault("unit", first)
    elif unit in ("组", "队"):
        said.setdefault("group", first + unit)
    elif unit in ("号", "号门") or (unit is None and not said):
        _number(said, number, letter or "", second, after or "")
    else:
        said.setdefault("room", first + (letter or ""))


def _number(said: dict[str, int | str | None], number: int, letter: str, second: str | None, after: str) -> None:
    if "number" in said:
        said.setdefault("building", str(number))
        return
    said["number"] = number
    if second and number < int(second) <= number + _WIDEST_RANGE:
        said["until"] = int(second)
        second = None
    said["suffix"] = letter + (f"-{second}" if second else "") + after
