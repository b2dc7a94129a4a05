"""Steps of one matter that come from two sides at once: whoever is last reads what the other has added."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from db.engine import begin
from tests.factories import day, make_category, make_cell, make_incident, make_step

WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@pytest.fixture
def town(record):
    """One matter, 110:1."""
    with begin(record.engine, "test") as conn:
        make_category(conn)
        make_cell(conn)
        make_incident(conn, record.keys, "1", 0, 0, reported_at=day(0))
    return record


def waits(town):
    with begin(town.engine, "test") as conn:
        return conn.execute(WAITING).scalar_one() > 0


def test_of_two_files_with_steps_of_one_matter_the_later_one_counts_both(town):
    def later():
        with begin(town.engine, "test") as conn:
            make_step(conn, town.keys, "close", day(2), 2, source_no="1")

    with ThreadPoolExecutor(1) as threads:
        with begin(town.engine, "test") as conn:
            make_step(conn, town.keys, "take_lead", day(1), source_no="1", level="beat")
            going = threads.submit(later)
            for _ in range(200):
                if waits(town) or going.done():
                    break
                time.sleep(0.02)
        going.result(30)
    with begin(town.engine, "test") as conn:
        told = conn.execute(text("SELECT steps, lead_level, closed_at IS NOT NULL FROM matter")).one()
    assert tuple(told) == (2, "beat", True)


@pytest.mark.parametrize(("kind", "label"), [("take_lead", "unchanged"), ("close", "rejected")])
def test_of_two_files_with_the_very_same_step_the_later_one_finds_it_there(town, kind, label):
    def later():
        with begin(town.engine, "test") as conn:
            return make_step(conn, town.keys, kind, day(1), 1, source_no="1", level="beat")

    with ThreadPoolExecutor(1) as threads:
        with begin(town.engine, "test") as conn:
            make_step(conn, town.keys, "take_lead", day(1), 1, source_no="1", level="beat")
            going = threads.submit(later)
            for _ in range(200):
                if waits(town) or going.done():
                    break
                time.sleep(0.02)
        told = going.result(30)
    assert list(told.labels.values()) == (["unchanged"] if label == "unchanged" else [])
    assert [["recorded with other content" in why for why in each] for each in told.rejects.values()] == (
        [] if label == "unchanged" else [[True]]
    )
    with begin(town.engine, "test") as conn:
        assert conn.execute(text("SELECT kind FROM step")).scalars().all() == ["take_lead"]
