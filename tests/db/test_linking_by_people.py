"""Words about two reports: kept, bounded by what a person sees, explained; cases and feeds go on through them."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from db import audit, cases, linking
from db.changes import Position, changes
from db.engine import act_as, begin
from db.linking.front_desks import name_shared
from db.linking.relinking import relink_all
from db.linking.suggesting import suggestions
from db.linking.telling import explain
from db.meetings import agenda, write_meetings
from db.queue import settle
from geo.errors import Denied, InputError, NotFound, Refused
from grids.rights import Who, operator
from tests.commands import manage
from tests.db.acting import MONDAY, build, report
from tests.db.linked import HOST, check_whole, matters_of
from tests.factories import day, make_beat, make_category, make_cell, make_incident, make_incidents, make_steps, middle

STATION = Who("值班室", ("officer",), ("station:S1",))
ROOM = "暖东路6号3栋2单元501室"
AGAIN = {"phone": "13800001234", "i": 0, "j": 0}


@pytest.fixture
def town(conn, keys):
    """The small place of acting, with its stations, units and categories."""
    build(conn, keys)
    return conn


def case(conn, keys, number="110:1", who=HOST):
    return cases.read(conn, keys, who, number)


def test_a_second_call_about_one_thing_joins_the_case_of_the_first(town, keys):
    make_incident(town, keys, "1", **AGAIN)
    make_incident(town, keys, "2", reported_at=day(2), channel="12345", **AGAIN)
    assert matters_of(town) == {"110:1": "110:1", "12345:2": "110:1"}
    assert [told["kind"] for told in case(town, keys, "12345:2").reports] == ["first", "duplicate"]


def test_a_repeat_leaves_a_closed_case_closed_and_shows_that_it_came_back(town, keys):
    make_incident(town, keys, "1", **AGAIN)
    make_steps(
        town, keys, [{"step_no": 1, "at": day(1), "kind": "settle"}, {"step_no": 2, "at": day(2), "kind": "close"}]
    )
    make_incident(town, keys, "2", reported_at=day(3), **AGAIN)
    told = case(town, keys)
    assert told.facts["closed_at"] == day(2)
    assert told.facts["came_back_at"] == day(3)
    assert [each["kind"] for each in told.reports] == ["first", "repeat"]


def test_a_registered_report_joins_by_itself_and_the_version_counts_its_step(town, keys):
    where = {"cell": None, "lon": middle(0, 0)[0], "lat": middle(0, 0)[1]}
    first = cases.register(town, keys, STATION, report("1", **where), at=MONDAY)
    again = cases.register(town, keys, STATION, report("2", **where), at=MONDAY)
    assert again.number == first.number
    assert [again.version, len(again.reports)] == [2, 2]
    with pytest.raises(Refused, match="Somebody else added"):
        cases.USE_CASES["take_lead"](town, keys, HOST, first.number, version=first.version, unit="S1", level="street")


def test_a_case_is_found_by_any_of_its_numbers_after_a_join_and_goes_apart_again(town, keys):
    make_incidents(town, keys, [{"source_no": number} for number in "12"])
    make_steps(town, keys, [{"source_no": "2", "step_no": 1, "at": day(1), "kind": "take_lead", "level": "beat"}])
    moves = linking.join(town, keys, HOST, "110:1", "110:2", "one family")
    assert moves.together
    assert case(town, keys, "110:2").number == "110:1"
    assert case(town, keys, "110:1").facts["lead_level"] == "beat"
    assert not linking.split(town, keys, HOST, "110:2", "110:1", "two families").together
    assert [case(town, keys, f"110:{n}").version for n in (1, 2)] == [0, 1]
    assert not linking.undecide(town, keys, HOST, "110:1", "110:2").together
    check_whole(town)


def test_a_join_keeps_the_id_of_the_earlier_matter_and_a_split_opens_one(town, keys):
    make_incident(town, keys, "late", reported_at=day(5))
    make_incident(town, keys, "early", reported_at=day(1))
    ids = "SELECT source_no, matter_id FROM incident"
    before = dict(town.execute(text(ids)).all())
    linking.join(town, keys, HOST, "110:late", "110:early", "one thing")
    assert set(dict(town.execute(text(ids)).all()).values()) == {before["early"]}
    linking.split(town, keys, HOST, "110:late", "110:early", "two things")
    after = dict(town.execute(text(ids)).all())
    assert after["early"] == before["early"]
    assert after["late"] not in before.values()


def test_a_late_report_of_an_earlier_call_leaves_the_case_its_id(town, keys):
    make_incident(town, keys, "2", reported_at=day(2), **AGAIN)
    before = town.execute(text("SELECT id FROM matter")).scalar_one()
    make_incident(town, keys, "1", reported_at=day(1), **AGAIN)
    assert town.execute(text("SELECT id, opened_at FROM matter")).one() == (before, day(1))


def test_a_split_holds_when_more_reports_come(town, keys):
    for number in (1, 2):
        make_incident(town, keys, str(number), reported_at=day(number), **AGAIN)
    linking.split(town, keys, HOST, "110:1", "110:2", "two brothers")
    make_incident(town, keys, "3", reported_at=day(2.4), **AGAIN)
    assert matters_of(town) == {"110:1": "110:1", "110:2": "110:2", "110:3": "110:2"}
    told = explain(town, HOST, "110:3")
    assert [word["same"] for word in told.decisions] == [False]
    assert [report["number"] for report in told.reports] == ["110:2", "110:3"]


def test_a_persons_word_beats_what_the_source_says(town, keys):
    make_incident(town, keys, "1")
    make_incident(town, keys, "2", matter="110:1")
    linking.split(town, keys, HOST, "110:1", "110:2", "the source errs")
    assert len(set(matters_of(town).values())) == 2
    make_incident(town, keys, "2", matter="110:1", address="here")
    assert len(set(matters_of(town).values())) == 2
    assert linking.undecide(town, keys, HOST, "110:1", "110:2").together


def test_a_corrected_reference_takes_the_earlier_one_back(town, keys):
    make_incidents(town, keys, [{"source_no": "1"}, {"source_no": "2"}, {"source_no": "3", "matter": "110:1"}])
    make_incident(town, keys, "3", matter="110:2")
    assert matters_of(town)["110:3"] == "110:2"
    make_incident(town, keys, "3")
    assert matters_of(town)["110:3"] == "110:3"


def test_what_is_said_needs_a_reason_a_right_and_two_reports(town, keys):
    make_incidents(town, keys, [{"source_no": number} for number in "12"])
    with pytest.raises(InputError, match="Say why"):
        linking.join(town, keys, HOST, "110:1", "110:2", " x ")
    with pytest.raises(InputError, match="two different"):
        linking.join(town, keys, HOST, "110:1", "110:1", "because")
    with pytest.raises(NotFound):
        linking.split(town, keys, HOST, "110:1", "110:9", "because")
    with pytest.raises(Denied):
        linking.join(town, keys, Who("a planner", ("planner",)), "110:1", "110:2", "because")


def test_nobody_joins_what_they_do_not_see(town, keys):
    make_beat(town, "B2", community="C1")
    make_cell(town, "G3", 2, 0, "B2")
    make_incident(town, keys, "1", 0, 0)
    make_incident(town, keys, "2", 2, 0)
    act_as(town, STATION)
    with pytest.raises(NotFound):
        linking.join(town, keys, STATION, "110:1", "110:2", "because of it")
    with pytest.raises(NotFound):
        explain(town, STATION, "110:2")
    act_as(town, HOST)
    assert town.execute(text("SELECT count(*) FROM matter_decision")).scalar_one() == 0


def test_decisions_and_shared_phones_are_shown_to_whoever_sees_both_reports_and_changed_by_nobody(town, keys):
    make_beat(town, "B2", community="C1")
    make_cell(town, "G3", 2, 0, "B2")
    make_incident(town, keys, "1", 0, 0)
    make_incident(town, keys, "2", 2, 0)
    linking.split(town, keys, HOST, "110:1", "110:2", "because of it")
    town.execute(text("INSERT INTO shared_phone (phone_hash) VALUES ('desk')"))
    counts = text("SELECT (SELECT count(*) FROM matter_decision), (SELECT count(*) FROM shared_phone)")
    assert town.execute(counts).one() == (1, 1)
    add = (
        "INSERT INTO matter_decision (a_incident, b_incident, same, source) SELECT a_incident, b_incident, {} FROM said"
    )
    town.execute(text("CREATE TEMP TABLE said ON COMMIT DROP AS SELECT * FROM matter_decision"))
    act_as(town, STATION)
    assert town.execute(counts).one() == (0, 0)
    forbidden = (
        add.format("true, 'person'"), "INSERT INTO shared_phone (phone_hash) VALUES ('x')",
        "UPDATE matter_decision SET same = true", "DELETE FROM matter_decision",
    )  # fmt: skip
    for statement in forbidden:
        point = town.begin_nested()
        with pytest.raises(DBAPIError, match=r"row-level security|permission denied"):
            town.execute(text(statement))
        point.rollback()
    act_as(town, HOST)


def test_words_are_audited_and_never_erased(town, keys):
    make_incidents(town, keys, [{"source_no": number} for number in "12"])
    linking.join(town, keys, HOST, "110:1", "110:2", "one family")
    linking.undecide(town, keys, HOST, "110:2", "110:1")
    told = audit.entries(town, 2).itertuples()
    assert [(row.action, row.object) for row in told] == [("matter undecide", "110:2"), ("matter join", "110:1")]
    assert [word["same"] for word in explain(town, HOST, "110:1").decisions] == [True, None]


def test_a_matter_says_why_it_is_one(town, keys):
    make_incident(town, keys, "1", address=ROOM, **AGAIN)
    make_incident(town, keys, "2", reported_at=day(2.5), **AGAIN)
    make_incident(town, keys, "3", reported_at=day(3), address=ROOM)
    make_incident(town, keys, "4", reported_at=day(4), address="暖东路6号3栋1单元201室")
    told = explain(town, HOST, "110:2")
    assert told.number == "110:1"
    assert [(link["a"], link["b"], link["rule"], link["days"]) for link in told.links] == [
        ("110:1", "110:2", "reporter", 2.5), ("110:1", "110:3", "room", 3.0),
    ]  # fmt: skip
    assert [(pair["a"], pair["b"], pair["days"]) for pair in told.suggestions] == [("110:3", "110:4", 1.0)]
    listed = suggestions(town, HOST)
    assert listed[["a", "b"]].to_numpy().tolist() == [["110:3", "110:4"]]
    assert suggestions(town, HOST, "cell:G9").empty
    linking.split(town, keys, HOST, "110:4", "110:1", "two flats")
    assert suggestions(town, HOST).empty


def test_a_click_in_the_queue_links_the_report_where_it_lies(town, keys):
    make_incident(town, keys, "1", **AGAIN)
    make_incident(town, keys, "2", reported_at=day(1), phone=AGAIN["phone"])
    assert len(set(matters_of(town).values())) == 2
    settle(town, "110:2", *middle(0, 0), "test")
    assert len(set(matters_of(town).values())) == 1


def test_a_catalogue_that_names_groups_links_what_came_before_it(town, keys):
    for number in (1, 2):
        make_incident(town, keys, str(number), reported_at=day(number), category=f"unheard {number}", **AGAIN)
    assert len(set(matters_of(town).values())) == 2
    for number in (1, 2):
        make_category(town, f"unheard {number}", group="disputes")
    assert len(set(matters_of(town).values())) == 1
    make_category(town, "unheard 2", group="noise")
    assert len(set(matters_of(town).values())) == 2


def test_a_front_desk_is_known_after_a_few_calls_and_its_calls_cost_nothing(town, keys):
    for number in range(5):
        make_category(town, f"c{number}", group=f"g{number}")
    rows = [
        {"source_no": str(n), "category": f"c{n % 5}", "reported_at": day(n / 9), "phone": "13800009999"}
        for n in range(30)
    ]
    where = dict(zip(("lon", "lat"), middle(0, 0), strict=True))
    make_incidents(town, keys, [row | where for row in rows])
    assert town.execute(text("SELECT count(*), count(DISTINCT matter_id) FROM incident")).one() == (30, 30)
    assert town.execute(text("SELECT count(*) FROM shared_phone")).scalar_one() == 1


def test_a_front_desk_that_calls_from_one_place_is_named_by_hand(town, keys):
    for number in (1, 2):
        make_incident(town, keys, str(number), reported_at=day(number), **AGAIN)
    assert len(name_shared(town, keys, HOST, "138 0000 1234").moved) == 1
    make_incident(town, keys, "3", reported_at=day(3), **AGAIN)
    make_incident(town, keys, "1", reported_at=day(1), severity=2, **AGAIN)
    assert len(set(matters_of(town).values())) == 3
    name_shared(town, keys, HOST, AGAIN["phone"], shared=False)
    assert len(set(matters_of(town).values())) == 1
    with pytest.raises(InputError):
        name_shared(town, keys, HOST, "a desk")
    with pytest.raises(Denied):
        name_shared(town, keys, STATION, AGAIN["phone"])


def test_lines_of_a_meeting_about_two_reports_stay_two_through_a_join_and_a_split(town, keys):
    make_incidents(town, keys, [{"source_no": number, "lon": 120.305, "lat": 36.055} for number in "12"])
    row = {"line": 1, "code": "M1", "at": day(1), "beat": "B1", "place": None, "attendees": 3, "note": None}
    write_meetings(town, [row | {"matters": "110:1;110:2", "decisions": "first;second"}], keys)
    linking.join(town, keys, HOST, "110:1", "110:2", "one family")
    assert len(agenda(town, "B1", day(2)).open) == 1
    linking.split(town, keys, HOST, "110:1", "110:2", "two families")
    spoken = """SELECT f.source_no, l.decision FROM meeting_matter l JOIN matter m ON m.id = l.matter_id
                JOIN incident f ON f.id = m.incident_id ORDER BY 1"""
    assert town.execute(text(spoken)).all() == [("1", "first"), ("2", "second")]


def test_a_feed_reads_on_through_a_join(town, keys):
    make_incidents(town, keys, [{"source_no": "1"}, {"source_no": "2", "channel": "12345"}])
    make_steps(town, keys, [{"step_no": 1, "at": day(1), "kind": "take_lead", "level": "beat"}])
    linking.join(town, keys, HOST, "110:1", "12345:2", "one family")
    numbers = "SELECT count(*) FROM step s JOIN incident i USING (matter_id) WHERE i.channel = '12345'"
    assert town.execute(text(numbers)).scalar_one() == 1
    assert changes(town, HOST, Position(), 10, "12345").rows == []  # not before this transaction has ended


@pytest.fixture
def busy(record):
    """The small place in a record of its own."""
    with begin(record.engine, "test") as conn:
        build(conn, record.keys)
    return record


def test_threads_that_report_one_quarrel_at_once_end_as_one_case(busy):
    ready = Barrier(4)
    where = {"cell": None, "lon": middle(0, 0)[0], "lat": middle(0, 0)[1]}

    def one(number):
        ready.wait(30)
        with begin(busy.engine, STATION) as conn:
            told = report(str(number), channel=("110", "12345", "window", "gridapp")[number], **where)
            return cases.register(conn, busy.keys, STATION, told, at=MONDAY).number

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(one, range(4)))
    with begin(busy.engine, "test") as conn:
        assert conn.execute(text("SELECT count(*), count(DISTINCT matter_id) FROM incident")).one() == (4, 1)
        assert conn.execute(text("SELECT count(*), min(steps) FROM matter")).one() == (1, 4)
        check_whole(conn)


def test_joins_and_moves_at_once_lose_no_step(busy):
    with begin(busy.engine, "test") as conn:
        make_incidents(conn, busy.keys, [{"source_no": str(n), "lon": 120.305, "lat": 36.055} for n in range(6)])
    ready = Barrier(6)

    def act(number):
        ready.wait(30)
        for turn in range(4):
            with begin(busy.engine, "test") as conn:
                if number % 2:
                    cases.USE_CASES["meet"](conn, busy.keys, HOST, f"110:{number}", decision=f"turn {turn}")
                elif turn % 2:
                    linking.undecide(conn, busy.keys, HOST, f"110:{number}", f"110:{number + 1}")
                else:
                    linking.join(conn, busy.keys, HOST, f"110:{number}", f"110:{number + 1}", "one thing")

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(act, range(6)))
    with begin(busy.engine, "test") as conn:
        assert conn.execute(text("SELECT count(*) FROM step")).scalar_one() == 12
        assert conn.execute(text("SELECT sum(steps) FROM matter")).scalar_one() == 12
        check_whole(conn)


@pytest.mark.parametrize("chunk", [1, 3, 1000])
def test_relinking_fills_old_keys_links_and_then_changes_nothing(busy, chunk):
    with begin(busy.engine, "test") as conn:
        rows = [{"source_no": str(n), "reported_at": day(n), "address": ROOM} for n in range(4)]
        make_incidents(conn, busy.keys, [*rows, {"source_no": "9", "address": "海滨路5号"}])
        right = matters_of(conn)
        conn.execute(text("UPDATE incident SET room = NULL, building = NULL"))
        make_incidents(conn, busy.keys, [row | {"severity": 2, "address": None} for row in rows[:1]])
        conn.execute(text("UPDATE incident SET address = :room, room = NULL, building = NULL"), {"room": ROOM})
    seen = []
    done = relink_all(busy.engine, "test", lambda at, total: seen.append((at, total)), chunk)
    assert (done.reports, seen[-1]) == (5, (5, 5))
    assert done.matters > 0
    with begin(busy.engine, "test") as conn:
        assert set(matters_of(conn).values()) == {"110:0"} != set(right.values())
        check_whole(conn)
    again = relink_all(busy.engine, "test", chunk=chunk)
    assert (again.reports, again.moved, again.matters) == (5, 0, 0)


def test_the_commands_explain_join_split_list_and_relink(busy, settings):
    with begin(busy.engine, operator("test")) as conn:
        make_incident(conn, busy.keys, "1", address=ROOM)
        make_incident(conn, busy.keys, "2", reported_at=day(1), address="暖东路6号3栋1单元201室")
    (pair,) = json.loads(manage(settings, "matter", "suggestions", "--json").stdout)
    assert (pair["a"], pair["b"], pair["days"]) == ("110:1", "110:2", 1.0)
    said = manage(settings, "matter", "join", "110:1", "110:2", "--reason", "one family")
    assert "one matter" in said.stdout, said.stderr
    assert "join" in manage(settings, "matter", "explain", "110:2").stdout
    told = json.loads(manage(settings, "matter", "split", "110:1", "110:2", "--reason", "two of them", "--json").stdout)
    assert told["one_matter"] is False
    assert json.loads(manage(settings, "matter", "undecide", "110:1", "110:2", "--json").stdout)["moved"] == 0
    assert "2 reports linked anew: 0 changed" in manage(settings, "matter", "relink").stdout
    refused = manage(settings, "matter", "join", "110:1", "110:7", "--reason", "because")
    assert (refused.returncode, refused.stdout) == (3, "")
