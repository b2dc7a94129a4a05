"""Issued bulletins: frozen, numbered without gaps, readable by whose places hold theirs, never changed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from db import audit, bulletins
from db.engine import act_as, begin
from geo.errors import Denied, NotFound, Refused
from grids.rights import Who, operator
from tests.two_stations import make_two_stations

MAY = (date(2026, 5, 1), date(2026, 5, 31))
JUNE = datetime(2026, 6, 1, 1, tzinfo=UTC)


@pytest.fixture
def stations(record):
    """Two stations without any bulletin."""
    with begin(record.engine, "test") as conn:
        make_two_stations(conn, record.keys, rows=False)
    return record


def issue(record, place="station:S1", period=MAY, figures="{}", who=None, at=JUNE):
    who = who or operator("chief")
    with begin(record.engine, who) as conn:
        return bulletins.issue(conn, record.keys, who, place, period, "QD", figures, at)


def listed(record, who):
    with begin(record.engine, who) as conn:
        return [tuple(row) for row in bulletins.bulletins(conn)[["place", "year", "no"]].itertuples(index=False)]


def test_numbers_count_per_place_and_year_of_the_citys_zone(stations):
    first = issue(stations)
    other_place = issue(stations, "station:S2")
    second = issue(stations, period=(date(2026, 4, 1), date(2026, 4, 30)))
    new_year = issue(
        stations, period=(date(2026, 12, 1), date(2026, 12, 31)), at=datetime(2026, 12, 31, 16, 30, tzinfo=UTC)
    )
    assert [(b.year, b.no) for b in (first, other_place, second, new_year)] == [
        (2026, 1),
        (2026, 1),
        (2026, 2),
        (2027, 1),
    ]
    assert first.issued_by == "chief"
    assert first.replaces is None


def test_issued_again_for_the_same_period_it_names_the_one_it_replaces(stations):
    issue(stations, figures='{"a":1}')
    again = issue(stations, figures='{"a":2}')
    third = issue(stations, figures='{"a":3}')
    assert (again.no, again.replaces) == (2, (2026, 1))
    assert (third.no, third.replaces) == (3, (2026, 2))
    with begin(stations.engine, "test") as conn:
        told = bulletins.bulletins(conn, "station:S1")
        old = bulletins.bulletin(conn, "station:S1", 2026, 1)
    assert list(told["replaced_by"].fillna("")) == ["", "2026-3", "2026-2"]
    assert old.figures == '{"a":1}'


def test_many_who_issue_at_once_leave_no_gap_and_no_number_twice(stations):
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda _: issue(stations).no, range(8)))
    assert sorted(found) == list(range(1, 9))


def test_an_issue_that_is_undone_takes_no_number(stations):
    who = operator("chief")
    with stations.engine.connect() as conn:
        act_as(conn, who)
        assert bulletins.issue(conn, stations.keys, who, "station:S1", MAY, "QD", "{}", JUNE).no == 1
        conn.rollback()
    assert issue(stations).no == 1


def test_issuing_is_a_supervisors_and_bound_to_their_places(stations):
    analyst = Who("ana", ("analyst",), ("station:S1",))
    chief = Who("chief", ("approver",), ("station:S1",))
    with pytest.raises(Denied, match="supervise"):
        issue(stations, who=analyst)
    with pytest.raises(Denied, match="outside their own places"):
        issue(stations, "station:S2", who=chief)
    with pytest.raises(NotFound, match="There is no place"):
        issue(stations, "station:S9")
    assert issue(stations, who=chief).issued_by == "chief"


@pytest.mark.parametrize(
    ("places", "seen"),
    [
        (("station:S1",), ["station:S1"]),
        (("community:C1",), ["station:S1"]),
        (("beat:B2",), ["station:S2"]),
        (("street:X",), ["district:D", "station:S1", "station:S2"]),
        (("*",), ["district:D", "station:S1", "station:S2"]),
        (("unit:S1",), []),
    ],
)
def test_a_bulletin_is_read_by_whose_places_hold_all_of_its_own(stations, places, seen):
    for place in ("station:S1", "station:S2", "district:D"):
        issue(stations, place)
    assert sorted(place for place, _, _ in listed(stations, Who("reader", ("wall",), places))) == seen
    assert listed(stations, Who("feed", ("feed",), places, channel="110")) == []


def test_what_one_may_not_read_is_not_there(stations):
    issue(stations, "station:S2")
    with begin(stations.engine, Who("reader", ("analyst",), ("station:S1",))) as conn, pytest.raises(NotFound):
        bulletins.bulletin(conn, "station:S2", 2026, 1)


def test_issuing_is_audited(stations):
    issue(stations)
    with begin(stations.engine, "test") as conn:
        (row,) = audit.entries(conn, action="bulletin").itertuples()
    assert (row.actor, row.object) == ("chief", "station:S1 2026-1")


def test_neither_the_application_nor_the_owner_changes_an_issued_one(stations, settings, cluster):
    issue(stations)
    for statement in ("UPDATE bulletin SET figures = '{}'", "DELETE FROM bulletin", "TRUNCATE bulletin"):
        with pytest.raises(DBAPIError, match=r"permission denied"), begin(stations.engine, "test") as conn:
            conn.execute(text(statement))
    owner = copy_owner(settings)
    with pytest.raises(DBAPIError, match="never changed or removed"), owner.begin() as conn:
        conn.execute(text("UPDATE bulletin SET figures = 'other'"))
    with owner.begin() as conn:
        conn.execute(text("ALTER TABLE bulletin DISABLE TRIGGER issued_is_issued"))
        conn.execute(text("UPDATE bulletin SET figures = 'other'"))
    owner.dispose()
    with begin(stations.engine, "test") as conn, pytest.raises(Refused, match="was altered since it was issued"):
        bulletins.bulletin(conn, "station:S1", 2026, 1)


def copy_owner(settings):
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    return create_engine(settings.database_url, poolclass=NullPool)
