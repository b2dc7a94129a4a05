"""Ledgers, offers and parts of loaded histories equal the oracle, however odd the files are."""

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import text

from db.one_matter import refresh_matter
from tests.db.histories import by_oracle, stored
from tests.factories import day, make_category, make_incident, make_incidents, make_steps, make_unit
from tests.strategies import travels


@pytest.fixture
def units(conn, keys):
    """The four units of the made-up histories, and a category."""
    make_category(conn)
    for code, kind, level in (("S1", "station", "street"), ("S2", "station", "street")):
        make_unit(conn, code, kind, level)
    for code in ("D1", "D2"):
        make_unit(conn, code, "department", "district")
    return conn


def rows_of(history, source_no):
    """Steps as rows of a file, numbered as they come."""
    columns = ("at", "kind", "level", "severity", "unit", "detail")
    for step_no, step in enumerate(history, 1):
        yield {name: getattr(step, name) for name in columns} | {"source_no": source_no, "step_no": step_no}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(travels, travels)
def test_loaded_histories_have_the_ledgers_that_the_oracle_tells(units, keys, one, other):
    with units.begin_nested() as undo:
        make_incidents(units, keys, [{"source_no": "1"}, {"source_no": "2"}])
        steps = [*rows_of(one, "1"), *rows_of(other, "2")]
        assert not make_steps(units, keys, steps).rejects
        for matter in units.execute(text("SELECT id FROM matter")).scalars().all():
            loaded = stored(units, matter)
            assert loaded == by_oracle(units, matter)
            refresh_matter(units, matter)
            assert stored(units, matter) == loaded
        undo.rollback()


def test_units_that_are_not_known_are_nobody(units, keys):
    make_incident(units, keys)
    make_steps(units, keys, [
        {"step_no": 1, "at": day(1), "kind": "divert", "level": "district", "unit": "S1", "detail": {"to": "X9"}},
        {"step_no": 2, "at": day(2), "kind": "whistle", "unit": "S1", "detail": {"departments": ["X9", "D1"]}},
        {"step_no": 3, "at": day(3), "kind": "urge", "detail": {"to": 7, "satisfaction": "much"}},
    ])  # fmt: skip
    matter = units.execute(text("SELECT * FROM matter")).mappings().one()
    assert (matter["offered_level"], matter["offered_unit_id"], matter["satisfaction"]) == ("district", None, None)
    assert units.execute(text("SELECT count(*) FROM diversion WHERE to_unit_id IS NULL")).scalar_one() == 1
    assert units.execute(text("SELECT u.code FROM whistle w JOIN unit u ON u.id = w.unit_id")).scalars().all() == ["D1"]
