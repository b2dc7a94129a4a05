"""Use-cases of a case: who may, what is refused by which rule, numbers, versions, masks, lists, audit."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text

from db import cases
from db.engine import act_as
from db.loads import hold_load_lock
from geo.errors import Denied, InputError, NotFound, Refused
from grids.rights import Who, operator
from tests.db.acting import MONDAY, PEOPLE, ZONE, Play, build, report
from tests.factories import make_category, make_incidents, make_step, middle
from tests.oracle import deadlines

ANALYST = Who("分析员", ("analyst",))


@pytest.fixture
def play(conn, keys):
    """A registered case in a small place."""
    build(conn, keys)
    made = Play(conn, keys)
    made.register()
    return made


def count(conn, table):
    act_as(conn, operator("test"))
    return conn.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def test_registering_opens_a_case_with_its_place_deadline_and_first_step(play):
    facts = play.case.facts
    assert (play.case.number, play.case.version, facts["phase"]) == ("12345:1", 1, "registered")
    assert (facts["cell"], facts["beat"], facts["station"]) == ("G1", "B1", "S1")
    assert facts["due_at"] == MONDAY + timedelta(hours=72)
    (step,) = play.case.steps
    assert (step["kind"], step["no"], step["actor"], step["unit"], step["officer"]) == (
        "register", 100_000, "网格员小刘", "S1", "GW",
    )  # fmt: skip


def test_the_same_number_and_content_again_changes_nothing_and_other_content_is_refused(play):
    again = play.register()
    assert (again.number, again.version) == ("12345:1", 1)
    with pytest.raises(Refused, match="registered with other content"):
        play.register(told=report(category="firelane"))
    assert (count(play.conn, "incident"), count(play.conn, "step")) == (1, 1)


def test_channels_of_staff_get_numbers_of_the_day(play):
    numbers = [
        play.register(told=report(source_no=None, channel=channel, address=f"{n}号")).number
        for n, channel in enumerate(("window", "window", "patrol"))
    ]
    assert numbers == ["window:20260302-0001", "window:20260302-0002", "patrol:20260302-0001"]


def test_a_report_is_placed_by_its_point_its_cell_or_not_at_all(play):
    lon, lat = middle(1, 0)
    by_point = play.register(told=report("2", cell=None, lon=lon, lat=lat))
    nowhere = play.register(told=report("3", cell=None, address="某处"))
    assert (by_point.facts["cell"], by_point.facts["placed_by"]) == ("G2", "point")
    assert (nowhere.facts["cell"], nowhere.facts["placed_by"]) == (None, "none")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"channel": "telex"}, "no channel"),
        ({"category": "nothing"}, "no category"),
        ({"cell": None}, "Say where it is"),
        ({"cell": "G9"}, "no cell 'G9'"),
        ({"cell": None, "lon": 120.0}, "both coordinates"),
        ({"cell": None, "lon": 500.0, "lat": 1.0}, "degrees of WGS-84"),
        ({"phone": None}, "Record who reports first"),
        ({"source_no": None}, "Give the number"),
        ({"severity": 4}, "1, 2 or 3"),
        ({"reported_at": datetime(2026, 3, 2)}, "time zone"),  # noqa: DTZ001
    ],
)
def test_a_report_that_does_not_say_enough_is_not_taken(play, change, says):
    with pytest.raises(InputError, match=says):
        play.register(told=replace(report("9"), **change))
    assert count(play.conn, "incident") == 1


def test_a_second_report_joins_the_case_it_names(play):
    later = MONDAY + timedelta(minutes=5)
    case = play.register(told=report("2", channel="110", matter="12345:1", reported_at=later))
    assert case.number == "12345:1"
    assert [each["number"] for each in case.reports] == ["12345:1", "110:2"]
    assert play.do("cell", "take_lead", level="cell").version == 3


def test_personal_fields_are_masked_and_notes_only_for_who_works(play):
    play.register(told=report("2", reporter="王小明", narrative="楼上漏水"))
    play.do("cell", "take_lead", level="cell", note="住户王小明在家")
    act_as(play.conn, ANALYST)
    case = cases.read(play.conn, play.keys, ANALYST, "12345:2")
    assert {name: case.reports[0][name] for name in ("reporter", "phone", "narrative")} == {
        "reporter": "王*明", "phone": "138****1234", "narrative": "（已遮盖）",
    }  # fmt: skip
    assert case.steps[-1]["note"] == "（已遮盖）"
    assert play.case.steps[-1]["note"] == "住户王小明在家"
    assert "王小明" not in str(case)


def test_who_has_no_right_is_denied_and_who_is_elsewhere_finds_nothing(play):
    act_as(play.conn, ANALYST)
    with pytest.raises(Denied, match="may not work on cases"):
        cases.USE_CASES["handle"](play.conn, play.keys, ANALYST, "12345:1")
    with pytest.raises(Denied, match="may not supervise"):
        play.do("cell", "supervise")
    stranger = Who("外所民警", ("officer",), ("cell:G2",))
    act_as(play.conn, stranger)
    for call in (cases.read, cases.USE_CASES["take_lead"]):
        with pytest.raises(NotFound):
            call(play.conn, play.keys, stranger, "12345:1")


def test_one_acts_for_ones_own_unit_only(play):
    play.do("station", "take_lead", level="beat")
    with pytest.raises(Refused, match="You do not act for S1"):
        play.do("firemen", "settle", unit="S1")
    with pytest.raises(Refused, match="S1 holds it, you act for D2"):
        play.do("firemen", "settle")


def test_whoever_has_not_seen_the_newest_step_is_told_who_added_it(play):
    play.do("cell", "take_lead", level="cell", version=1)
    with pytest.raises(Refused, match=r"Somebody else added: 接办 .* at 2026-03-02 10:00:00 by 网格员小刘; look again"):
        play.do("cell", "settle", version=1)
    with pytest.raises(Refused, match="has 2 steps and not 7"):
        play.do("cell", "settle", version=7)
    assert play.do("cell", "settle", version=2).version == 3


def test_a_grade_needs_somebody_who_asks_and_another_who_approves(play):
    with pytest.raises(Refused, match="ask first"):
        play.do("chief", "grade", severity=3)
    play.do("chief", "grade_ask", severity=3)
    with pytest.raises(Refused, match="所长 asked for this grade: another person"):
        play.do("chief", "grade")
    act_as(play.conn, operator("支队"))
    refused = cases.USE_CASES["grade_refuse"](play.conn, play.keys, operator("支队"), "12345:1", at=play.at(5))
    assert (refused.facts["grade_asked"], refused.facts["severity_now"]) == (None, 1)
    play.hours = 5
    with pytest.raises(Refused, match="has that grade already"):
        play.do("cell", "grade_ask", severity=1)
    play.do("cell", "grade_ask", severity=2)
    with pytest.raises(Refused, match="Grade 2 was asked for"):
        play.do("chief", "grade", severity=3)
    assert play.do("chief", "grade").facts["severity_now"] == 2


def test_danger_goes_to_the_police_before_it_is_diverted(conn, keys):
    build(conn, keys)
    play = Play(conn, keys)
    play.register(category="knife")
    play.do("centre_here", "take_lead")
    with pytest.raises(Refused, match="Danger goes to the police first"):
        play.do("centre_here", "divert", to="D1")
    play.do("beat", "respond")
    assert play.do("centre_here", "divert", to="D1").facts["offered_unit"] == "D1"


def test_what_is_said_to_be_dangerous_is_so_for_good(play):
    play.register(told=report("2", danger=True))
    play.do("centre_here", "take_lead")
    with pytest.raises(Refused, match="police first"):
        play.do("centre_here", "divert", to="D1", danger="no")
    assert play.do("centre_here", "divert", to="S1").facts["offered_unit"] == "S1"


def test_a_closed_case_is_not_worked_on_and_is_closed_only_after_settling(play):
    play.do("cell", "take_lead", level="cell")
    with pytest.raises(Refused, match="settled before it is closed"):
        play.do("cell", "close")
    assert play.do("cell", "close", how="withdrawn").facts["closed_at"] is not None
    with pytest.raises(Refused, match="reopen it first"):
        play.do("cell", "handle")
    with pytest.raises(InputError, match=r"reason \(理由\)"):
        play.do("cell", "reopen")
    assert play.do("cell", "reopen", reason="当事人反悔").facts["closed_at"] is None


def test_steps_are_added_in_order_of_time_and_not_ahead_of_it(play):
    play.do("cell", "take_lead", level="cell")
    with pytest.raises(Refused, match="the last one is of 2026-03-02 02:00:00 UTC"):
        play.do("cell", "handle", after=-0.5)
    with pytest.raises(Refused, match="lies ahead"):
        play.do("cell", "handle", after=24 * 365 * 80)
    act_as(play.conn, PEOPLE["cell"])
    with pytest.raises(InputError, match="time zone"):
        cases.USE_CASES["handle"](play.conn, play.keys, PEOPLE["cell"], "12345:1", at=datetime(2026, 3, 3))  # noqa: DTZ001


def test_a_unit_does_not_lead_below_its_level_to_look_contained(play):
    play.do("station", "take_lead", level="beat")
    play.do("station", "divert", to="D1")
    with pytest.raises(Refused, match="at the level at which it was offered"):
        play.do("housing", "divert_accept", level="cell")
    play.do("housing", "divert_bounce", reason="x")
    with pytest.raises(Refused, match="does not lead at that level"):
        play.do("station", "divert", to="D1", level="cell")


def test_steps_of_files_and_steps_made_here_count_together(play):
    make_step(play.conn, play.keys, "take_lead", MONDAY, 1, channel="12345", level="beat", unit="S1")
    case = play.do("station", "settle")
    assert (case.version, case.facts["lead_level"]) == (3, "beat")


def test_every_change_raises_the_data_version_and_is_audited(play):
    before = play.conn.execute(text("SELECT data_version FROM city")).scalar_one()
    play.do("cell", "take_lead", level="cell")
    act_as(play.conn, operator("test"))
    assert play.conn.execute(text("SELECT data_version FROM city")).scalar_one() == before + 1
    rows = play.conn.execute(text("SELECT actor, action, object FROM audit ORDER BY no")).all()
    assert [tuple(row) for row in rows] == [
        ("网格员小刘", "case register", "12345:1"), ("网格员小刘", "case take_lead", "12345:1"),
    ]  # fmt: skip


def test_a_refused_move_leaves_nothing_behind(play):
    tables = ("step", "matter_unit", "diversion", "audit")
    before = {table: count(play.conn, table) for table in tables}
    with pytest.raises(Refused):
        play.do("cell", "settle")
    assert {table: count(play.conn, table) for table in tables} == before


def test_departments_see_what_they_have_a_part_in_and_nothing_else(play):
    play.register(told=report("2"))
    play.do("station", "take_lead", level="community")
    play.do("station", "whistle", departments=["D1"], report_by=play.at(30).isoformat())
    act_as(play.conn, PEOPLE["housing"])
    rows = cases.listing(play.conn, cases.CaseFilter())
    assert [row["number"] for row in rows] == [play.number]
    assert cases.read(play.conn, play.keys, PEOPLE["housing"], play.number).facts["lead_unit"] == "S1"


def test_lists_page_by_key_without_losing_or_repeating_a_case(play):
    for n in range(2, 9):
        play.register(told=report(str(n), reported_at=MONDAY + timedelta(hours=n // 2)))
    act_as(play.conn, operator("test"))
    found, after = [], None
    while rows := cases.listing(play.conn, cases.CaseFilter(), after, 3):
        found += [row["number"] for row in rows]
        after = rows[-1]["key"]
    whole = cases.listing(play.conn, cases.CaseFilter(), None, 100)
    assert found == [row["number"] for row in whole]
    assert len(found) == len(set(found)) == 8
    assert [row["opened_at"] for row in whole] == sorted((row["opened_at"] for row in whole), reverse=True)


def test_lists_by_state_place_channel_category_tag_and_unit(play):
    play.register(told=report("2", category="firelane", channel="110", cell="G2"))
    play.number = "12345:1"
    play.do("cell", "take_lead", level="cell")
    play.do("cell", "tag", tag="bone")
    play.do("cell", "settle")
    late, early = MONDAY + timedelta(hours=73), MONDAY + timedelta(hours=71)

    def listed(**where):
        act_as(play.conn, operator("test"))
        return {row["number"] for row in cases.listing(play.conn, cases.CaseFilter(**where))}

    one, two = "12345:1", "110:2"
    assert listed() == listed(state="open") == listed(place="station:S1") == {one, two}
    assert listed(place="cell:G2") == listed(category="firelane") == listed(channel="110") == {two}
    assert listed(place="beat:B1") == listed(place="community:C1") == listed(since=MONDAY) == {one, two}
    assert listed(tag="bone") == listed(state="revisit_due") == listed(state="mine", units=("S1",)) == {one}
    assert (listed(state="overdue", at=late), listed(state="overdue", at=early)) == ({one}, set())
    play.do("cell", "close")
    assert (listed(state="closed"), listed(state="open"), listed(until=MONDAY)) == ({one}, {two}, set())
    with pytest.raises(InputError):
        cases.listing(play.conn, cases.CaseFilter(), "x")
    with pytest.raises(InputError):
        cases.CaseFilter(state="lost")


def test_a_load_that_runs_does_not_hold_up_registering(play):
    hold_load_lock(play.conn, "incidents")
    assert play.register(told=report("77")).number == "12345:77"


def test_the_sender_of_a_diversion_keeps_seeing_the_case_wherever_it_lies(conn, keys):
    build(conn, keys)
    play = Play(conn, keys)
    play.register(person="centre")
    act_as(conn, operator("总值班"))
    dispatch = cases.USE_CASES["dispatch"]
    dispatch(conn, keys, operator("总值班"), "12345:1", at=play.at(1), to="ZZ", level="street")
    play.hours = 1
    play.do("centre", "take_lead")
    play.do("centre", "divert", to="D1")
    play.do("housing", "divert_accept")
    act_as(conn, PEOPLE["centre"])
    case = cases.read(conn, keys, PEOPLE["centre"], "12345:1")
    assert (case.facts["lead_unit"], "urge" in case.allowed, "settle" in case.allowed) == ("D1", True, False)
    act_as(conn, PEOPLE["fire"])
    with pytest.raises(NotFound):
        cases.read(conn, keys, PEOPLE["fire"], "12345:1")


def test_a_report_from_elsewhere_is_taken_in_and_belongs_to_its_own_place(play):
    case = play.register(person="cell", told=report("2", cell="G2"))
    assert case.facts["cell"] == "G2"
    with pytest.raises(NotFound):
        cases.read(play.conn, play.keys, PEOPLE["cell"], "12345:2")


def test_what_fails_inside_tells_its_own_error(play, monkeypatch):
    def clash(*_rest):
        play.conn.execute(text("INSERT INTO channel (code, name_zh, name_en) VALUES ('110', '', '')"))

    monkeypatch.setattr("db.cases.registering.write_incidents", clash)
    with pytest.raises(Refused, match="Somebody else registered 12345:3 a moment ago"):
        play.register(told=report("3"))
    assert count(play.conn, "incident") == 1


def test_an_earlier_report_that_joins_moves_the_deadline_forward(play):
    earlier = MONDAY - timedelta(hours=5)
    case = play.register(told=report("2", matter="12345:1", reported_at=earlier))
    assert (case.number, case.facts["due_at"]) == ("12345:2", earlier + timedelta(hours=72))
    assert play.do("cell", "take_lead", level="cell").version == 3


def test_deadlines_of_loaded_reports_go_by_the_working_calendar(conn, keys):
    make_category(conn, "slow", deadline_hours=11.0, deadline_clock="working")
    off = {date(2026, 3, 3): "off", date(2026, 3, 7): "work"}
    for day, kind in off.items():
        conn.execute(text("INSERT INTO holiday (day, kind) VALUES (:day, :kind)"), {"day": day, "kind": kind})
    at = [MONDAY + timedelta(hours=7 * n, minutes=n) for n in range(30)]
    make_incidents(
        conn, keys, [{"source_no": str(n), "reported_at": each, "category": "slow"} for n, each in enumerate(at)]
    )
    due = conn.execute(text("SELECT due_at FROM matter ORDER BY opened_at")).scalars().all()
    assert due == [deadlines.due(each, 11 * 60, "working", off, ZONE) for each in at]
