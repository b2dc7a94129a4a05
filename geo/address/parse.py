"""Takes a Chinese address apart: regions, road, lane, number, building, room, place names, crossings, relations."""

import re
from typing import NamedTuple

from geo.address.crossings import take_crossing
from geo.address.normal import normalise
from geo.address.pieces import Pieces, take_pieces
from geo.address.regions import Regions, take_regions

# What no address reaches: the tail of a longer text is left unread.
_LONGEST = 200
_SIMPLE = re.compile("([^\\W\\d_省市区县镇乡盟路街弄巷()]{1,7}(?:路|街|公路|大道))([0-9]{1,6})(弄|号)$")
_ROAD = re.compile("[^()]*?[^\\W\\d_()路街巷](?:公路|大道|支路|路支路|路|大街|街(?!道)|胡同|里弄|弄|巷)(?![村镇宅])")
_ROAD_END = re.compile("(?:[^\\W_]?[路街弄巷]|大道|胡同|(?<!街)道)$")
_ESTATE_OF_ROAD = re.compile("(?:小区|社区|新村|花园|公寓|大楼|大厦|[一二三四五六七八九十]+村|家园|苑)")
_VILLAGE = re.compile("([^\\W\\d_()]{1,6}?村村?)(?!委|民|镇|庄|[^\\W\\d_()]{0,2}[路街弄巷](?![^\\W\\d_]))")
_BRACKETS = re.compile("\\([^()]*\\)?")
_RELATION = re.compile(
    "斜?对面|对过|对门|隔壁|旁边?|附近|周边|门口|后面|前面|[东西南北]侧|以[东西南北](?:[0-9]+米)?|(?:向|往)[东西南北](?:[0-9]+米)?|之间|交界"
)


class Address(NamedTuple):
    """An address in its parts; "" or None where the text does not say. `text` is the normalised whole, `local`
    what follows the district.

    `road` carries the number (or lane); `crosses` are the roads that it meets; `poi` is an estate, building or other
    named place; `relation` says how the place lies to what is named (对面, 附近); `rest` was not understood.
    """

    text: str
    province: str = ""
    city: str = ""
    district: str = ""
    street: str = ""
    community: str = ""
    village: str = ""
    group: str = ""
    road: str = ""
    crosses: tuple[str, ...] = ()
    lane: int | None = None
    sublane: int | None = None
    number: int | None = None
    until: int | None = None
    suffix: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""
    poi: str = ""
    relation: str = ""
    rest: str = ""
    local: str = ""

    @property
    def place_on_road(self) -> int | None:
        """The number that orders places along the road: the lane's, else the house's."""
        return self.number if self.lane is None else self.lane


def parse(text: str) -> Address:
    """Take one address apart. Never raises: what is not understood stays in `rest`."""
    whole = normalise(text)
    simple = _SIMPLE.match(whole)
    if simple:
        road, number, unit = simple.groups()
        if unit == "号":
            return Address(whole, road=road, number=int(number), local=whole)
        return Address(whole, road=road, lane=int(number), local=whole)
    return _parse(whole)


def _parse(whole: str) -> Address:
    brackets = "".join(_BRACKETS.findall(whole[:_LONGEST]))
    regions = take_regions(_BRACKETS.sub("", whole[:_LONGEST]))
    rest = brackets + whole[_LONGEST:]
    crossing = take_crossing(regions.left)
    if crossing:
        return _at_crossing(whole, regions, crossing, rest)
    head = re.match("[^0-9]*", regions.left)
    end = head.end() if head else 0
    pieces = take_pieces(regions.left[end:])
    return _assembled(whole, regions, regions.left[:end], pieces, rest)


def _at_crossing(whole: str, regions: Regions, crossing: tuple[str, tuple[str, ...], str], rest: str) -> Address:
    road, crosses, left = crossing
    relation, left = _relation_of(left)
    return _with_regions(whole, regions)._replace(
        road=road,
        crosses=crosses,
        relation="之间" if len(crosses) == 2 else relation,
        rest=left + rest,
        local=regions.local + rest,
    )


def _assembled(whole: str, regions: Regions, head: str, pieces: Pieces, rest: str) -> Address:
    relation, left = _relation_of(pieces.left)
    if not relation:
        relation, head = _relation_of(head)
    road, village, poi = _head_parts(head)
    if village and not poi:
        poi, left = left, ""
    return _with_regions(whole, regions)._replace(
        village=village,
        group=pieces.group,
        road=road,
        lane=pieces.lane,
        sublane=pieces.sublane,
        number=pieces.number,
        until=pieces.until,
        suffix=pieces.suffix,
        building=pieces.building,
        unit=pieces.unit,
        room=pieces.room,
        poi=poi,
        relation=relation,
        rest=left + rest,
        local=regions.local + rest,
    )


def _with_regions(whole: str, regions: Regions) -> Address:
    return Address(whole, regions.province, regions.city, regions.district, regions.street, regions.community)


def _head_parts(head: str) -> tuple[str, str, str]:
    """(road, village, named place) of the words before the number."""
    village, road = _VILLAGE.match(head), _ROAD.match(head)
    if village and (not road or village.end() <= road.end()):
        return "", village[1], head[village.end() :]
    if not road:
        return (head, "", "") if _ROAD_END.search(head) else ("", "", head)
    if _ESTATE_OF_ROAD.match(head, road.end()):
        return "", "", head
    if len(head) - road.end() < 3 and _ROAD_END.search(head):
        return head, "", ""
    return road[0], "", head[road.end() :]


def _relation_of(text: str) -> tuple[str, str]:
    found = _RELATION.search(text)
    if not found:
        return "", text
    return found[0], text[: found.start()] + text[found.end() :]
