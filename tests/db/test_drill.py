"""The rows behind a figure are as many as the figure says, and those that plain loops over raw rows find."""

from collections import Counter

import pandas as pd
import pytest

from db import readmodel
from db.drill import FIGURES, SORTS, behind, columns_of, figure_of, in_order, points, told
from db.engine import act_as
from db.facts import Filter
from db.measures import MEASURES
from db.measures.outcomes import COUNTERS
from db.measures.question import Question
from db.metrics import totals
from db.readmodel import reach_of, scoped
from db.record import open_record
from geo.errors import InputError, NotFound
from grids.outcomes.formulas import FORMULAS
from grids.policies import POLICIES
from grids.rights import Who, operator
from tests.conftest import copy_database, drop_database
from tests.db import figures
from tests.db.measures import outcome_city
from tests.db.measures.test_outcomes import EVENTS, KEYS, questions
from tests.factories import day
from tests.oracle import measures as oracle

CODES = [code for code in FORMULAS if code != "one_community"]
LEDGER = ("accepted", "bounced", "done", "kept", "open")


@pytest.fixture(scope="module")
def made(cluster, template, tmp_path_factory):
    """A random city in a transaction: connection, view of everything, oracle's rows, instants of events."""
    settings = copy_database(cluster, template, tmp_path_factory.mktemp("drill"))
    record = open_record(settings)
    with record.engine.connect() as conn:
        act_as(conn, operator("test"))
        outcome_city.build(conn, record.keys, 3)
        view = scoped(readmodel.build(conn, settings.home / "readmodel"), reach_of(conn))
        yield conn, view, oracle.Told(figures.City.read(conn)), conn.execute(EVENTS).scalars().all()
        conn.rollback()
    record.engine.dispose()
    drop_database(cluster, settings)


def text_of(key):
    return None if key is None or pd.isna(key) else str(key)


def counts(frame, column):
    """key (words) → count, without noughts."""
    rows = zip(frame["key"], frame[column], strict=True)
    return {text_of(key): int(count) for key, count in rows if count}


def opened(asked, code, shown):
    """How many rows lie behind each key that a measure shows, without noughts; every key has its own."""
    found = {key: len(behind(asked, FIGURES[code], key)) for key in {*shown, "no such key"}}
    return {key: count for key, count in found.items() if count}


def asks(conn, view, seed, happened, count):
    for flt, by, as_of, policy in questions(seed, happened, count):
        yield Question(conn, view, flt, by, as_of, policy), {"by": by, "as_of": as_of, "policy": policy}


def test_rows_of_a_share_are_as_many_as_its_numerator_denominator_and_what_lies_between(made):
    conn, view, _raw, happened = made
    met = 0
    for code in CODES:
        for asked, options in asks(conn, view, f"drill {code}", happened, 6):
            frame = MEASURES["outcomes"](conn, view, asked.flt, codes=(code,), **options)
            frame["rest"] = frame["denominator"] - frame["numerator"]
            for part in ("numerator", "denominator", "rest"):
                wanted = counts(frame, part)
                assert opened(asked, f"{code}.{part}", wanted) == wanted, (code, part, asked.flt, options)
                met += len(wanted)
    assert met > 100


def test_rows_of_containment_are_those_that_the_compiled_scan_counts(made):
    conn, view, _raw, happened = made
    for asked, options in asks(conn, view, "drill containment", happened, 25):
        for name, measure in (("containment", "containment"), ("cohort", "containment of a cohort")):
            frame = MEASURES[measure](conn, view, asked.flt, **options)
            for state in ("contained", "escaped", "pending"):
                wanted = counts(frame, state)
                assert opened(asked, f"{name}.{state}", wanted) == wanted, (name, state, asked.flt, options)


def test_rows_of_every_other_figure_are_as_many_as_its_measure_says(made):
    conn, view, _raw, happened = made
    for asked, options in asks(conn, view, "drill others", happened, 12):
        flt, by, as_of = asked.flt, options["by"], options["as_of"]
        told_of = {
            "repeats.first": (MEASURES["reports"](conn, view, flt, by=by), "first"),
            "repeats.duplicates": (MEASURES["reports"](conn, view, flt, by=by), "duplicates"),
            "repeats.repeats": (MEASURES["reports"](conn, view, flt, by=by), "repeats"),
            "reports": (MEASURES["reports"](conn, view, flt, by=by), "reports"),
        }
        ledger = MEASURES["diversions"](conn, view, flt, by=by, as_of=as_of)
        told_of |= {f"diversion.{each}": (ledger, f"diverted_{each}") for each in LEDGER}
        chains = MEASURES["chains"](conn, view, flt, by=by)
        told_of |= {f"chains.{n}": (chains[chains["reports"] == n], "numerator") for n in range(1, 6)}
        flow = MEASURES["flow"](conn, view, flt, by=by, as_of=as_of)
        for (source, target), frame in flow.groupby(["source", "target"]):
            told_of[f"flow.{source}-{target}"] = (frame, "numerator")
        grades = MEASURES["regrades"](conn, view, flt, by=by, as_of=as_of)
        for (fixed, now), frame in grades.groupby(["severity", "severity_now"]):
            told_of[f"regrades.{fixed}-{now}"] = (frame, "numerator")
        for code, (frame, column) in told_of.items():
            assert opened(asked, code, counts(frame, column)) == counts(frame, column), (code, flt, options)


def test_figures_with_a_grouping_of_their_own_are_opened_by_it(made):
    conn, view, _raw, happened = made
    for asked, options in asks(conn, view, "drill own", happened, 8):
        clock = MEASURES["clock"](conn, view, asked.flt)
        clock["key"] = clock["weekday"].astype(str) + "-" + clock["hour"].astype(str)
        assert opened(asked, "clock", counts(clock, "reports")) == counts(clock, "reports")
        people = MEASURES["load of people"](conn, view, asked.flt)
        assert opened(asked, "workload.people", counts(people, "matters")) == counts(people, "matters")
        units = MEASURES["diversions"](conn, view, asked.flt, as_of=options["as_of"])
        by_unit = Question(conn, view, asked.flt, "to_unit", options["as_of"])
        assert opened(by_unit, "diversion.sent", counts(units, "diverted")) == counts(units, "diverted")
        calls = COUNTERS["one_community"](asked)
        for part, column in (("numerator", "community_calls"), ("denominator", "calls")):
            wanted = counts(calls, column)
            assert opened(asked, f"one_community.{part}", wanted) == wanted


def test_the_tiles_of_a_period_open_as_many_rows_as_they_show(made):
    conn, view, _raw, happened = made
    for asked, _ in asks(conn, view, "drill tiles", happened, 12):
        shown, whole = totals(conn, asked.flt), Question(conn, view, asked.flt)
        tiles = {"open": shown.open_matters, "overdue_now": shown.overdue, "unplaced": shown.unplaced,
                 "closed_in_period": shown.closed, "reports": shown.incidents, "matters": shown.matters}  # fmt: skip
        assert {code: len(behind(whole, FIGURES[code])) for code in tiles} == tiles


def test_the_rows_are_the_very_matters_that_plain_loops_find(made):
    conn, view, raw, happened = made
    numbers = {m["matter"]: number_of(raw, m["matter"]) for m in raw.matters}
    met = 0
    for code in CODES:
        for flt, by, as_of, policy in questions(f"rows {code}", happened, 4):
            asked = Question(conn, view, flt, by, as_of, policy)
            wanted = {"numerator": {}, "denominator": {}}
            for fact, below, above in oracle.rows_of(raw, code, flt, as_of or flt.end, policy):
                key = text_of(fact[by]) if by else None
                number = numbers[fact.get("matter", fact.get("matter_id"))]
                wanted["denominator"].setdefault(key, Counter())[number] += bool(below)
                wanted["numerator"].setdefault(key, Counter())[number] += bool(below and above)
            for part, keys in wanted.items():
                figure = FIGURES[f"{code}.{part}"]
                for key, listed in keys.items():
                    frame = told(asked, behind(asked, figure, key), figure.table)
                    assert Counter(frame["number"]) == +listed, (code, part, key)
                    assert list(frame) == columns_of(figure.table)
                    met += len(frame)
    assert met > 100


def number_of(raw, matter):
    first = min(
        (r for r in raw.reports if r["matter_id"] == matter), key=lambda r: (r["at"], r["channel"], r["source_no"])
    )
    return f"{first['channel']}:{first['source_no']}"


def test_a_row_tells_the_state_levels_and_places_that_plain_loops_find(made):
    conn, view, raw, _happened = made
    asked = Question(conn, view, Filter(day(0), day(45)))
    frame = told(asked, behind(asked, FIGURES["matters"]), "matter").set_index("number")
    plain = {number_of(raw, m["matter"]): m for m in raw.matters if asked.flt.start <= m["at"] < asked.flt.end}
    assert set(frame.index) == set(plain)
    for number, row in frame.to_dict("index").items():
        matter, end = plain[number], asked.flt.end
        levels = [level for level in figures.LEVELS if oracle.by_at(matter["state"][f"reached_{level}"], end)]
        assert row["levels"] == ";".join(levels)
        assert (row["cell"], row["beat"], row["station"]) == (matter["cell"], matter["beat"], matter["station"])
        assert (row["opened"], row["category"], row["channel"]) == (matter["at"], matter["category"], matter["channel"])
        closed = oracle.standing(matter, end)
        assert (None if pd.isna(row["closed"]) else row["closed"]) == closed
        above = oracle.left(matter, POLICIES["QD"].ceiling(figures.severity_as_of(matter, end)))
        state = "escaped" if oracle.by_at(above, end) else "contained" if closed else "pending"
        assert row["state"] == (state if matter["containable"] else None)


@pytest.mark.parametrize("sort", ["", *SORTS])
@pytest.mark.parametrize("code", ["matters", "reports", "diversion.sent", "closings", "workload.people"])
def test_rows_are_sorted_by_any_column_and_none_is_lost(made, code, sort):
    conn, view, *_ = made
    asked, figure = Question(conn, view, Filter(day(0), day(45))), FIGURES[code]
    found = behind(asked, figure)
    up, down = (in_order(asked, found, figure.table, sort, descending=d) for d in (False, True))
    assert up.rows.tolist() == down.rows.tolist()[::-1]
    assert sorted(up.rows.tolist()) == sorted(found.rows.tolist())
    if sort in ("opened", "minutes", "reports"):
        values = told(asked, up, figure.table)[sort].dropna().tolist()
        assert values == sorted(values)


def test_points_are_those_of_the_first_report(made):
    conn, view, raw, _ = made
    asked = Question(conn, view, Filter(day(0), day(45)))
    found = behind(asked, FIGURES["matters"])
    lon, lat = points(asked, found, "matter")
    numbers = told(asked, found, "matter")["number"]
    first = {f"{r['channel']}:{r['source_no']}": (r["lon"], r["lat"]) for r in raw.reports}
    for number, east, north in zip(numbers, lon, lat, strict=True):
        assert first[number] == ((None, None) if pd.isna(east) else (east, north))


def test_rows_that_row_level_security_hides_tell_nothing_of_their_matter(made):
    conn, view, *_ = made
    asked = Question(conn, view, Filter(day(0), day(45)))
    found = behind(asked, FIGURES["reports"])
    try:
        act_as(conn, Who("an officer", ("officer",), ("station:S1",)))
        frame = told(asked, found, "report")  # a view of everything in the hands of a reader of one station
    finally:
        act_as(conn, operator("test"))
    hidden = frame[frame["number"].isna()]
    assert 0 < len(hidden) < len(frame)
    assert hidden[columns_of("matter")].isna().all(axis=None)


def test_what_there_is_not_is_told_which_there_are(made):
    conn, view, *_ = made
    asked = Question(conn, view, Filter(day(0), day(45)), by="moon")
    with pytest.raises(NotFound, match=r"containment\.contained.*flow\.LEVEL-LEVEL"):
        figure_of("luck")
    with pytest.raises(InputError, match="Group by one of"):
        behind(asked, FIGURES["matters"], "1")
    with pytest.raises(InputError, match="sorted by one of"):
        in_order(asked, behind(Question(conn, view, asked.flt), FIGURES["matters"]), "matter", "luck")


def test_every_grouping_is_tried():
    assert {"cell", "beat", "station", "severity", "category", "channel", None} <= set(KEYS)
