"""Every figure that can be opened: its name, the table its rows come from, and the measure's own masks."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from types import MappingProxyType

import numpy as np

from db.drill import names
from db.measures import (
    addresses,
    card_counts,
    clock,
    containment,
    diversions,
    load,
    near_repeat,
    outcomes,
    repeats,
    travel,
)
from db.measures.counted import Counted
from db.measures.question import Question
from db.readmodel.asking import Asked
from geo.errors import NotFound
from grids.grading import SEVERITIES
from grids.levels import LEVELS, Name
from grids.outcomes.formulas import FORMULAS
from grids.outcomes.travelled import TARGETS

MOMENT = timedelta(microseconds=1)
# Everything of a table whose own instant lies in the period.
PERIOD_TABLES = {"reports": "report", "matters": "matter", "closings": "closing", "diversions": "diversion"}
Count = Callable[[Question], Counted]
Rows = Callable[[Question], Asked]


@dataclass(frozen=True)
class Figure:
    """rows: what counts, under the question's keys. table: of the read model. by: the one grouping it is asked by."""

    code: str
    name: Name
    table: str
    rows: Callable[[Question], Asked]
    by: str | None = None


def figure_of(code: str) -> Figure:
    """The figure of that code; NotFound says which there are."""
    found = FIGURES.get(code)
    if found is None:
        listed = ", ".join(each for each in FIGURES if not each.startswith(("flow.", "regrades.")))
        raise NotFound(f"There is no figure {code!r}: choose one of {listed}, flow.LEVEL-LEVEL, regrades.GRADE-GRADE.")
    return found


def _all_of(table: str) -> Rows:
    return lambda asked: asked.ask(table)


def _of(counted: Count, *counts: str) -> Rows:
    return lambda asked: counted(asked).where(counts)


def _rest(counted: Count, above: tuple[str, ...], below: tuple[str, ...]) -> Rows:
    return lambda asked: counted(asked).without(above).where(below)


def _turned(asked: Question) -> Asked:
    found = card_counts.turned_of(asked)
    return asked.ask("matter").where(np.zeros(0, np.int64)) if found is None else found.where(["turned_to_crime"])


def _open(asked: Question) -> Counted:
    """Matters opened before the period's end that stood open a moment before it, and the overdue ones of them."""
    then = replace(asked, as_of=asked.flt.end - MOMENT)
    matters = containment.opened_before_end(then)
    still = then.standing()[matters.rows] > then.looked
    return Counted(matters, {"open": still, "overdue": still & (matters["due"] <= then.looked)})


def _closed_in_period(asked: Question) -> Asked:
    """Matters with a closing in the period, each once; grouped as closings are."""
    closings = asked.ask("closing")
    once = np.zeros(len(closings), np.bool_)
    once[np.unique(closings["matter_row"], return_index=True)[1]] = True
    return closings.where(once)


def _unplaced(asked: Question) -> Asked:
    reports = asked.ask("report")
    return reports.where(reports["spot"] == 0)


def _plain() -> Iterator[Figure]:
    told = names.COUNT_NAMES
    for code, table in PERIOD_TABLES.items():
        yield Figure(code, told[code], table, _all_of(table))
    for code in ("contained", "escaped", "pending"):
        yield Figure(f"containment.{code}", told[code], "matter", _of(containment.decided_of, code))
        yield Figure(f"cohort.{code}", told[code], "matter", _of(containment.cohort_of, code))
    decided = Name("已定案（化解＋越级）", "decided (contained + escaped)")
    yield Figure("containment.decided", decided, "matter", _of(containment.decided_of, "contained", "escaped"))
    yield Figure("cohort.decided", decided, "matter", _of(containment.cohort_of, "contained", "escaped"))
    for code in ("sent", "accepted", "bounced", "done", "kept", "open"):
        count = "diverted" if code == "sent" else f"diverted_{code}"
        yield Figure(f"diversion.{code}", told[count], "diversion", _of(diversions.lines_of, count))
    for code in ("reports", "first", "duplicates", "repeats"):
        yield Figure(f"repeats.{code}", told[code], "report", _of(repeats.reports_of, code))
    for code in map(str, range(1, repeats.LONGEST + 1)):
        zh, en = ("次及以上", " or more") if int(code) == repeats.LONGEST else ("次", "")
        name = Name(f"{code}{zh}警情的事项", f"matters with {code}{en} reports")
        yield Figure(f"chains.{code}", name, "matter", _of(repeats.chains_of, code))


def _shares() -> Iterator[Figure]:
    for code, formula in FORMULAS.items():
        counted, table = outcomes.COUNTED[code], outcomes.TABLES[code]
        by = "station" if code == "one_community" else None
        above, below = formula.above, formula.below
        yield Figure(f"{code}.numerator", names.joined(above), table, _of(counted, *above), by)
        yield Figure(f"{code}.denominator", names.joined(below), table, _of(counted, *below), by)
        yield Figure(f"{code}.rest", names.remaining(below, above), table, _rest(counted, above, below), by)


def _travelled() -> Iterator[Figure]:
    for source in LEVELS:
        for target in TARGETS:
            rows = _of(partial(travel.flow_of, source=source, target=target), "moved")
            yield Figure(f"flow.{source}-{target}", names.moved(source, target), "matter", rows)
    for fixed, was in SEVERITIES.items():
        for now, is_now in SEVERITIES.items():
            name = Name(f"定级{was.zh}，现为{is_now.zh}", f"graded {was.en}, now {is_now.en}")
            yield Figure(f"regrades.{fixed}-{now}", name, "matter", _of(travel.regrades_of, f"{fixed}-{now}"))


def _others() -> Iterator[Figure]:
    told = names.COUNT_NAMES
    yield Figure("clock", told["reports"], "report", clock.by_hour, "hour")
    yield Figure("doors", Name("同一地址的警情", "reports of one address"), "report", addresses.by_door, "door")
    yield Figure(
        "near",
        Name("近重复：成对的首次警情", "near repeats: first reports in pairs"),
        "report",
        near_repeat.by_band,
        "band",
    )
    yield Figure("open", told["open"], "matter", _of(_open, "open"))
    yield Figure("overdue_now", told["overdue"], "matter", _of(_open, "overdue"))
    yield Figure("closed_in_period", told["closed_in_period"], "closing", _closed_in_period)
    yield Figure("unplaced", told["unplaced"], "report", _unplaced)
    yield Figure("workload.people", told["matters"], "charge", _of(load.handled_of, "matters"), "officer")
    for kind in ("crimes", "fires", "complaints"):
        yield Figure(kind, told[kind], "matter", _of(partial(card_counts.matters_of, kind=kind), kind))
    yield Figure("reopened", told["reopened"], "closing", _of(card_counts.reopened_of, "reopened"))
    yield Figure("turned_to_crime", told["turned_to_crime"], "matter", _turned)


FIGURES: Mapping[str, Figure] = MappingProxyType(
    {each.code: each for part in (_plain, _shares, _travelled, _others) for each in part()}
)
