"""Which way each address is placed: exact, by number, by name, by likeness, by area; the first that can, does."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from geo.address import Address
from geo.gazetteer.answers import Answers
from geo.gazetteer.areas import AREA_METHODS, Areas, short_name
from geo.gazetteer.base import Base, number_of
from geo.gazetteer.junctions import Junctions
from geo.gazetteer.kriging import IntArray
from geo.gazetteer.named import Names
from geo.gazetteer.names import Spot
from geo.gazetteer.numbered import Question, place
from geo.gazetteer.series import Series
from geo.gazetteer.table import Groups, doubts

# An address found as it stands in the base is as good as the base.
_EXACT_M = 30.0
_LONGEST_SHORT = 7


class Case(NamedTuple):
    """One address to be placed: its row among the answers, district code (-1: unknown) and, when it is one of the
    base to be placed without itself, its row in the base (`own`) and in the groups (`left_out`)."""

    row: int
    address: Address
    spot: Spot
    district: int
    own: int = -1
    left_out: int = -1


class Finder:
    """The indexes over a base and the order in which they are asked."""

    def __init__(self, base: Base) -> None:
        self._base = base
        heads = [spot.heads[0] if spot.heads else "" for spot in base.spots]
        number = np.array([number_of(spot) for spot in base.spots], np.float64)
        lane = np.array([spot.lane for spot in base.spots], np.bool_)
        codes = np.unique(np.array(heads, dtype=np.object_).astype(str), return_inverse=True)[1]
        doubt = doubts(base.x, base.y, codes, number, base.district)
        self._groups = Groups(heads, base.x, base.y, number, lane, doubt, base.district)
        self._where = np.empty(len(base), np.int64)
        self._where[self._groups.order] = np.arange(len(base))
        self._names = Names(self._groups, [base.spots[row].words for row in self._groups.order])
        self._series = Series(base, doubt)
        self._junctions = Junctions(self._groups, self._names)
        self._exact = _rows_of([address.local for address in base.addresses], base.names)
        told = (base.communities, base.streets, base.districts)
        self._areas = [Areas(names, base.x, base.y) for names in told]
        self._short = {short_name(name) for name in {*base.districts, *base.streets}} - {""}

    def find(
        self, addresses: Sequence[Address], spots: Sequence[Spot], districts: Sequence[str], own: IntArray | None = None
    ) -> Answers:
        """Place each address; `own` names the rows of the base that the addresses are, to be left out each."""
        answers = Answers(len(addresses))
        asked: list[Question] = []
        series: list[Question] = []
        for row, (address, spot, told) in enumerate(zip(addresses, spots, districts, strict=True)):
            district = self._district(address, told)
            if own is None:
                case = Case(row, address, self._known(spot), district)
                if self._put_exact(answers, case):
                    continue
            else:
                case = Case(row, address, spot, district, int(own[row]), int(self._where[own[row]]))
            if not self._ask_number(asked, case):
                self._put_named(answers, asked, series, case)
        place(asked, self._groups, answers)
        place(series, self._series.groups, answers)
        return answers

    def _district(self, address: Address, told: str) -> int:
        codes = self._base.district_code
        return codes.get(address.district, codes.get(told, -1))

    def _known(self, spot: Spot) -> Spot:
        """The spot, its names also without a district or street that stands before them in short (浦东张杨路)."""
        known = self._groups.of_name
        if not spot.heads or spot.heads[0] in known or any(head in known for head in spot.heads[1:]):
            return spot
        bare = [
            head[size:]
            for head in spot.heads
            for size in range(2, min(_LONGEST_SHORT, len(head) - 1))
            if head[:size] in self._short and head[size:] in known
        ]
        return spot._replace(heads=(*bare, *spot.heads)) if bare else spot

    def _put_exact(self, answers: Answers, case: Case) -> bool:
        rows = self._exact.get(case.address.local)
        if rows is None:
            return False
        base = self._base
        if len(rows) > 1 and case.district >= 0:
            rows = [at for at in rows if base.district[at] == case.district] or rows
        x, y = base.x[rows], base.y[rows]
        at = (float(np.median(x)), float(np.median(y)))
        spread = float(np.hypot(x - at[0], y - at[1]).max())
        answers.put(case.row, "exact", at, _EXACT_M + spread, (), 1.0, base.texts[rows[0]])
        return True

    def _ask_number(self, asked: list[Question], case: Case) -> bool:
        spot = case.spot
        if spot.number is None:
            return False
        for head in spot.heads:
            group = self._groups.pick(head, spot.number, case.district, case.left_out)
            if group >= 0:
                asked.append(Question(case.row, group, spot.number, spot.lane, case.left_out))
                return True
        return False

    def _put_named(self, answers: Answers, asked: list[Question], series: list[Question], case: Case) -> None:
        address, spot = case.address, case.spot
        if address.crosses and self._junctions.put(answers, case.row, address.road, address.crosses, case.left_out):
            return
        method = "road" if address.road else "village" if address.village else "estate"
        for head in spot.heads:
            if self._names.put_centre(answers, case.row, method, head, spot, case.district, case.left_out):
                return
        for head in spot.heads:
            if self._series.ask(series, case.row, head, case.district, case.own):
                return
        for head in spot.heads:
            if self._put_alike(answers, asked, case, head):
                return
        self._put_area(answers, case)

    def _put_alike(self, answers: Answers, asked: list[Question], case: Case, head: str) -> bool:
        relation, others = self._names.alike(head)
        if not others:
            return False
        number, score = case.spot.number, -others[0][0]
        if relation in ("sound", "typo") and number is not None:
            group = self._groups.pick_fitting(_equally_like(others), number, case.district, case.left_out)
            if group >= 0:
                asked.append(Question(case.row, group, number, case.spot.lane, case.left_out, score, "fuzzy_road"))
                return True
        self._names.put_alike(answers, case.row, relation, others, case.district)
        return True

    def _put_area(self, answers: Answers, case: Case) -> None:
        address = case.address
        district = self._base.district_names[case.district] if case.district >= 0 else address.district
        names = (address.community, address.street, district)
        for method, areas, name in zip(AREA_METHODS, self._areas, names, strict=True):
            found = areas.find(name) if name else None
            if found:
                full, (x, y, radius) = found
                answers.put(case.row, method, (x, y), radius, (), 0.3, full)
                return


def _equally_like(others: Sequence[tuple[float, str]]) -> list[str]:
    """The names that are as much alike as the first."""
    return [name for unlike, name in others if unlike <= others[0][0] + 1e-9]


def _rows_of(texts: Sequence[str], names: Sequence[str]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for row, (text, name) in enumerate(zip(texts, names, strict=True)):
        for key in {text, name} - {""}:
            rows.setdefault(key, []).append(row)
    return rows
