"""Officers and postings: by code, dated, with every unknown reference told."""

import pytest
from sqlalchemy import text

from db.people import write_postings
from tests.factories import DAY0, day, make_beat, make_cell, make_officer, make_posting, make_unit, only_label, square


@pytest.fixture
def staffed(conn, keys):
    """Officers P1 and P2, unit S1, beat B1, cell G1."""
    make_unit(conn)
    make_beat(conn)
    make_cell(conn)
    for code in ("P1", "P2"):
        make_officer(conn, keys, code, unit="S1")
    return conn


def valid(conn):
    return [tuple(row) for row in conn.execute(text("SELECT lower(valid), upper(valid), weekly_minutes FROM posting"))]


def test_an_officer_is_inserted_once_then_unchanged_then_updated(conn, keys):
    told = [{}, {}, {"phone": "138"}, {"name": "Ms P1", "phone": "138"}, {"name": "Ms P1", "phone": "138"}]
    labels = [only_label(make_officer(conn, keys, **more)) for more in told]
    assert labels == ["inserted", "unchanged", "updated", "updated", "unchanged"]


def test_an_officer_of_an_unknown_unit_is_rejected(conn, keys):
    outcome = make_officer(conn, keys, unit="nowhere")
    assert "unit 'nowhere' is not known" in next(iter(outcome.rejects.values()))[0]


def test_a_posting_is_inserted_once_then_unchanged_then_ended(staffed):
    told = [{}, {}, {"weekly_hours": 20.0}, {"weekly_hours": 20.0, "valid_to": day(9)}]
    labels = [only_label(make_posting(staffed, beat="B1", **more)) for more in told]
    assert labels == ["inserted", "unchanged", "updated", "updated"]
    assert valid(staffed) == [(DAY0, day(9), 1200)]


@pytest.mark.parametrize("place", [{"beat": "B1"}, {"cell": "G1"}, {"unit": "S1"}])
def test_without_hours_a_full_week_is_meant(staffed, place):
    make_posting(staffed, **place)
    assert valid(staffed) == [(DAY0, None, 2400)]


def test_no_hours_at_all_are_kept_as_none(staffed):
    make_posting(staffed, beat="B1", weekly_hours=0.0)
    assert valid(staffed) == [(DAY0, None, 0)]


def test_a_second_lead_and_an_overlapping_posting_are_rejected_and_later_rows_go_on(staffed):
    rows = [
        {"officer": "P1", "role": "beat_lead", "beat": "B1", "valid_from": DAY0, "valid_to": day(10)},
        {"officer": "P2", "role": "beat_lead", "beat": "B1", "valid_from": day(9)},
        {"officer": "P1", "role": "beat_lead", "beat": "B1", "valid_from": day(5), "valid_to": day(6)},
        {"officer": "P2", "role": "beat_lead", "beat": "B1", "valid_from": day(10)},
        {"officer": "P1", "role": "police", "beat": "B1", "valid_from": day(5)},
        {"officer": "P1", "role": "police", "beat": "B1", "valid_from": day(7)},
    ]
    outcome = write_postings(staffed, [row | {"line": line} for line, row in enumerate(rows, 1)])
    assert outcome.labels == dict.fromkeys((1, 4, 5), "inserted")
    assert outcome.rejects[2] == ["that beat has another lead in this time: end that posting first"]
    assert set(outcome.rejects) == {2, 3, 6}
    assert "overlapping time" in outcome.rejects[6][0]


def test_everything_that_is_wrong_with_a_posting_is_told_at_once(staffed):
    row = {"line": 4, "officer": "nobody", "role": "police", "beat": "B9", "cell": "G9", "valid_from": DAY0}
    assert [reason.split(":")[0] for reason in write_postings(staffed, [row]).rejects[4]] == [
        "officer 'nobody' is not known",
        "name exactly one of beat, cell and unit",
        "beat 'B9' is not known",
        "cell 'G9' is not known",
    ]


@pytest.mark.parametrize("until", [DAY0, day(-1)])
def test_an_end_that_is_not_after_the_start_is_rejected(staffed, until):
    outcome = make_posting(staffed, beat="B1", valid_to=until)
    assert list(outcome.rejects.values()) == [["valid_to must be later than valid_from"]]


def test_negative_hours_are_told_as_such(staffed):
    outcome = make_posting(staffed, beat="B1", weekly_hours=-1.0)
    assert "weekly_hours" in next(iter(outcome.rejects.values()))[0]


def test_the_same_postings_load_again_unchanged_after_their_cell_was_redrawn(staffed):
    make_posting(staffed, cell="G1")
    make_cell(staffed, geometry=square(0, 0, 2, 1), valid_from=day(10))
    assert only_label(make_posting(staffed, cell="G1")) == "unchanged"
    assert sorted(valid(staffed), key=str) == sorted([(DAY0, day(10), 2400), (day(10), None, 2400)], key=str)
