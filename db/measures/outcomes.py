"""The counts of every share of grids.outcomes.formulas, from the read model."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from db.facts import Filter
from db.measures import followed, mediators, places
from db.measures.counted import Counted, every
from db.measures.question import Boundaries, Question
from db.readmodel import View
from db.readmodel.columns import MEDIATED, MEDIATED_SETTLED, REPEAT, SETTLED_ON_SPOT, Array
from grids.levels import LEVELS
from grids.outcomes.formulas import FORMULAS, formula, parts, shared
from grids.policies import POLICIES, Policy

CONTENT = 4  # of five: satisfied or very satisfied


def outcome_counts(
    conn: Connection, view: View, flt: Filter, code: str, *, by: str | None = None, as_of: datetime | None = None,
    policy: Policy = POLICIES["QD"], boundaries: Boundaries = "then",
) -> pd.DataFrame:  # fmt: skip
    """key, label and the counts that the formula of that code names; NotFound lists the codes there are.

    What falls in the period is told in docs/metrics.md, "Shares of outcomes". `one_community` has one row a station
    whatever `by` says, and its community.
    """
    formula(code)
    return COUNTERS[code](Question(conn, view, flt, by, as_of, policy, boundaries))


def outcomes(
    conn: Connection, view: View, flt: Filter, *, by: str | None = None, codes: tuple[str, ...] = (),
    as_of: datetime | None = None, policy: Policy = POLICIES["QD"], boundaries: Boundaries = "then",
) -> pd.DataFrame:  # fmt: skip
    """outcome, key, label, numerator, denominator, share, low, high: one row a formula and key; no codes: all.

    `one_community` is told only when asked for by its code: its rows are stations.
    """
    wanted = codes or tuple(code for code in FORMULAS if code != "one_community")
    asked = Question(conn, view, flt, by, as_of, policy, boundaries)
    found = []
    for code in wanted:
        formula(code)
        counts = COUNTERS[code](asked)
        told = parts(counts, code)
        kept = (told["denominator"] > 0).to_numpy() if by else np.ones(len(counts), np.bool_)
        found.append(counts[["key", "label"]].join(told)[kept].assign(outcome=code))
    columns = ["outcome", "key", "label", "numerator", "denominator", "share", "low", "high"]
    return shared(pd.concat(found, ignore_index=True))[columns]


def _on_spot(asked: Question) -> Counted:
    matters = asked.ask("matter", at="settled")
    matters = matters.where(matters["settled"] <= asked.looked)
    return Counted(matters, {"settled_on_spot": _has(matters["flags"], SETTLED_ON_SPOT), "settled": every(matters)})


def _mediation(asked: Question) -> Counted:
    matters = asked.ask("matter")
    flags = matters["flags"]
    return Counted(matters, {"mediated_settled": _has(flags, MEDIATED_SETTLED), "mediated": _has(flags, MEDIATED)})


def _closing(asked: Question) -> Counted:
    matters = asked.ask("matter")
    closed = asked.standing()[matters.rows] <= asked.looked
    return Counted(matters, {"closed": closed, "registered": every(matters)})


def _on_time(asked: Question) -> Counted:
    matters = asked.ask("matter", at="due")
    matters = matters.where(matters["due"] <= asked.looked)
    in_time = asked.standing()[matters.rows] <= matters["due"]
    return Counted(matters, {"closed_on_time": in_time, "due": every(matters)})


def _satisfaction(asked: Question) -> Counted:
    closings = asked.ask("closing")
    closings = closings.where((closings["closed"] <= asked.looked) & (closings["reopened"] > asked.looked))
    said = closings.of_matter("satisfaction")
    return Counted(closings, {"satisfied": said >= CONTENT, "answered": said >= 1})


def _diverted(flag: str) -> Callable[[Question], Counted]:
    def count(asked: Question) -> Counted:
        lines = asked.ask("diversion")
        lines = lines.where(lines["sent"] <= asked.looked)
        return Counted(lines, {f"diverted_{flag}": lines[flag] <= asked.looked, "diverted": every(lines)})

    return count


def _relieved(asked: Question) -> Counted:
    calls = asked.ask("matter")
    non_police = ~asked.view.about.words.category("police").astype(np.bool_)[calls["category"]]
    calls = calls.where(non_police)
    diverted = mediators.taken_over(asked)[calls.rows]
    by_mediators = mediators.mediated(asked)[calls.rows] & (calls["settled"] <= asked.looked) & ~diverted
    flags = {"settled_by_mediators": by_mediators, "diverted": diverted, "non_police": every(calls)}
    return Counted(calls, flags)


def _regraded(asked: Question) -> Counted:
    matters = asked.ask("matter", at="severity_at")
    matters = matters.where(matters["severity_at"] <= asked.looked)
    grades = matters["grades"]
    return Counted(matters, {"regraded": (grades >> 2 & 3) != (grades >> 4 & 3), "grade_fixed": every(matters)})


def _stayed_in_street(asked: Question) -> Counted:
    # Whoever left the beat in the period reached some level in it.
    matters = asked.ask("matter", at=None)
    moved = _any_reached(asked)[matters.rows] & asked.contains(matters["category"])
    matters = matters.where(moved)
    left = asked.first_beyond(matters.rows, dict.fromkeys((1, 2, 3), "beat"))
    matters = matters.where(_within(asked, left))
    stayed = asked.first_beyond(matters.rows, dict.fromkeys((1, 2, 3), "street")) > asked.looked
    return Counted(matters, {"left_beat_in_street": stayed, "left_beat": every(matters)})


def _any_reached(asked: Question) -> Array:
    """For every matter whether it reached a level in the period."""
    matter = asked.view.rows("matter")
    return np.logical_or.reduce([_within(asked, matter[f"reached_{level}"]) for level in LEVELS])


def _within(asked: Question, ticks: Array) -> Array:
    """Which ticks lie in the period and had come when judged."""
    first, end = (asked.view.about.ticks.first_from(at) for at in (asked.flt.start, asked.flt.end))
    found: Array = (ticks >= first) & (ticks < end) & (ticks <= asked.looked)
    return found


def _repeat(asked: Question) -> Counted:
    reports = asked.ask("report")
    return Counted(reports, {"repeats": reports["kind"] == REPEAT, "reports": every(reports)})


def _has(flags: Array, bit: int) -> Array:
    found: Array = (flags & bit) > 0
    return found


COUNTED: Mapping[str, Callable[[Question], Counted]] = MappingProxyType(
    {
        "on_spot": _on_spot,
        "mediation": _mediation,
        "closing": _closing,
        "on_time": _on_time,
        "satisfaction": _satisfaction,
        "revisit": followed.revisited,
        "held": followed.held,
        "accepted": _diverted("accepted"),
        "bounced": _diverted("bounced"),
        "done": _diverted("done"),
        "relieved": _relieved,
        "regraded": _regraded,
        "stayed_in_street": _stayed_in_street,
        "repeat": _repeat,
        "one_community": places.calls_of_communities,
    }
)


# Whose rows each of them counts.
TABLES: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(("satisfaction", "revisit", "held"), "closing")
    | dict.fromkeys(("accepted", "bounced", "done"), "diversion")
    | dict.fromkeys(("repeat", "one_community"), "report")
    | dict.fromkeys(
        ("on_spot", "mediation", "closing", "on_time", "relieved", "regraded", "stayed_in_street"), "matter"
    )
)


def _summed(code: str) -> Callable[[Question], pd.DataFrame]:
    return lambda asked: COUNTED[code](asked).table()


COUNTERS: Mapping[str, Callable[[Question], pd.DataFrame]] = MappingProxyType(
    {code: _summed(code) for code in COUNTED} | {"one_community": places.one_community}
)
