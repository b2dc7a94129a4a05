"""Joint meetings: the list made from what is open, overdue, repeated and due for a revisit; decisions become steps."""

import pytest
from sqlalchemy import text

from db.engine import act_as
from db.meeting_records import record_meeting
from db.meetings import agenda, meetings, write_meetings
from geo.errors import Denied, InputError, NotFound, Refused
from grids.rights import Who, operator
from tests.factories import (
    day,
    make_area,
    make_beat,
    make_category,
    make_cell,
    make_incident,
    make_steps,
    make_unit,
    square,
)

HOST = operator("test")


@pytest.fixture
def ground(conn, keys):
    """Beats B1 (G1) and B2 (G2); matters 1 to 4 in G1, of which 4 is closed; 5 in G2; report 2b repeats matter 2."""
    make_area(conn)
    make_unit(conn)
    for n in (1, 2):
        make_beat(conn, f"B{n}", station="S1", community="C1")
        make_cell(conn, f"G{n}", n - 1, 0, f"B{n}", now=day(-9))
    make_category(conn, deadline_hours=72.0)
    for n in range(1, 5):
        make_incident(conn, keys, str(n), 0, 0, reported_at=day(n))
    make_incident(conn, keys, "5", 1, 0, reported_at=day(1))
    make_incident(conn, keys, "2b", 0, 0, reported_at=day(4), matter="110:2")
    steps = [("take_lead", 4.1), ("settle", 4.2), ("close", 4.3)]
    rows = [{"source_no": "4", "step_no": no, "kind": kind, "at": day(at), "level": "beat", "unit": "S1"}
            for no, (kind, at) in enumerate(steps, 1)]  # fmt: skip
    make_steps(conn, keys, rows)
    return conn


def numbers(frame):
    return frame["no"].tolist()


def test_the_agenda_lists_what_is_open_overdue_repeated_and_due_for_a_revisit(ground):
    found = agenda(ground, "B1", day(5.5))
    assert numbers(found.open) == ["110:1", "110:2", "110:3"]
    assert numbers(found.overdue) == ["110:1", "110:2"]
    assert numbers(found.repeated) == ["110:2"]
    assert found.repeated[["reports", "recent"]].to_numpy().tolist() == [[2, 2]]
    assert numbers(found.revisit) == []
    assert numbers(agenda(ground, "B1", day(12)).revisit) == ["110:4"]
    assert numbers(agenda(ground, "B1", day(40)).revisit) == ["110:4"]
    assert numbers(agenda(ground, "B1", day(60)).revisit) == []
    assert numbers(agenda(ground, "B2", day(5.5)).open) == ["110:5"]


def test_a_matter_that_was_not_there_yet_is_not_spoken_about(ground):
    assert numbers(agenda(ground, "B1", day(1.5)).open) == ["110:1"]
    with pytest.raises(NotFound, match="no beat 'B9'"):
        agenda(ground, "B9", day(1))


def test_the_agenda_follows_a_cell_to_its_new_beat_and_shape(ground):
    make_cell(ground, "G1", beat="B2", valid_from=day(5))
    assert numbers(agenda(ground, "B1", day(5.5)).open) == []
    assert len(agenda(ground, "B2", day(5.5)).open) == 4


def row(line=1, **more):
    plain = {"line": line, "code": "H1", "at": day(5), "beat": "B1", "place": "hall", "attendees": 7, "note": "said"}
    return plain | {"matters": "110:1；110:2", "decisions": "go there;-"} | more


def spoken(conn):
    return conn.execute(text("""
        SELECT i.source_no, mm.decision FROM meeting_matter mm JOIN matter m ON m.id = mm.matter_id
        JOIN incident i ON i.id = m.incident_id ORDER BY 1""")).all()  # fmt: skip


def test_a_meeting_is_inserted_once_then_unchanged_then_updated(ground, keys):
    told = [{}, {}, {"decisions": "go there;call"}, {"matters": "110:2b", "decisions": None}, {"note": None},
            {"matters": None, "decisions": None, "note": None}]  # fmt: skip
    labels = [write_meetings(ground, [row(**more)], keys).labels[1] for more in told[:4]]
    assert labels == ["inserted", "unchanged", "updated", "updated"]
    assert spoken(ground) == [("2", None)]
    labels = [write_meetings(ground, [row(**more)], keys).labels[1] for more in told[4:]]
    assert (labels, spoken(ground)) == (["updated", "updated"], [])
    assert meetings(ground)[["code", "beat", "matters"]].to_numpy().tolist() == [["H1", "B1", 0]]


def test_a_meeting_of_an_unknown_beat_or_matter_is_refused_with_every_reason(ground, keys):
    outcome = write_meetings(ground, [row(beat="B9", matters="110:8;110:9", decisions=None), row(2, code="H2")], keys)
    assert [why.split(":")[0] for why in outcome.rejects[1]] == ["beat 'B9' is not known", "matter '110", "matter '110"]
    assert outcome.labels == {2: "inserted"}


def test_every_decision_of_a_recorded_meeting_becomes_a_step_of_its_matter(ground, keys):
    fields = {"beat": "B1", "at": day(5), "matters": {"110:1": "两家; 下周再谈", "110:2b": "call", "110:3": None}}
    done = record_meeting(ground, keys, HOST, fields)
    assert (done["matters"], done["steps"]) == (3, 2)
    query = """
        SELECT i.source_no, s.no >= 100000, s.detail ->> 'meeting' = :code, s.detail ->> 'decision'
        FROM step s JOIN incident i ON i.id = s.incident_id WHERE s.kind = 'meet' ORDER BY 1"""
    steps = ground.execute(text(query), {"code": done["code"]})
    assert [tuple(step) for step in steps] == [("1", True, True, "两家, 下周再谈"), ("2", True, True, "call")]
    assert spoken(ground) == [("1", "两家, 下周再谈"), ("2", "call"), ("3", None)]
    assert agenda(ground, "B1", day(6)).open["spoken_at"].tolist()[0] == day(5)


def test_a_decision_on_a_matter_that_has_gone_on_since_the_meeting_is_a_step_of_now(ground, keys):
    steps = [{"source_no": "1", "step_no": 1, "kind": "take_lead", "at": day(5.5), "level": "beat", "unit": "S1"}]
    make_steps(ground, keys, steps)
    record_meeting(ground, keys, HOST, {"beat": "B1", "at": day(5), "matters": {"110:1": "x", "110:3": "y"}})
    found = ground.execute(text("SELECT at FROM step WHERE kind = 'meet' ORDER BY at")).scalars().all()
    assert found[0] == day(5) < day(5.5) < found[1]


def test_a_code_that_is_taken_an_unknown_matter_or_beat_is_an_error(ground, keys):
    record_meeting(ground, keys, HOST, {"beat": "B1", "code": "H1", "at": day(5)})
    with pytest.raises(Refused, match="'H1' is recorded already"):
        record_meeting(ground, keys, HOST, {"beat": "B1", "code": "H1", "at": day(5)})
    with pytest.raises(InputError, match="matter '110:9' is not known"):
        record_meeting(ground, keys, HOST, {"beat": "B1", "matters": {"110:9": "x"}})
    with pytest.raises(NotFound, match="no beat"):
        record_meeting(ground, keys, HOST, {"beat": "B9"})


def test_an_officer_records_and_sees_meetings_of_their_own_beat_only(ground, keys):
    write_meetings(ground, [row(), row(2, code="H2", beat="B2", matters="110:5", decisions=None)], keys)
    mine = Who("wang", ("officer",), ("beat:B1",))
    act_as(ground, mine)
    assert meetings(ground)["code"].tolist() == ["H1"]
    assert numbers(agenda(ground, "B2", day(5.5)).open) == []
    assert record_meeting(ground, keys, mine, {"beat": "B1", "at": day(5), "matters": {"110:1": "go"}})["steps"] == 1
    with pytest.raises(Denied, match="outside their own places"):
        record_meeting(ground, keys, mine, {"beat": "B2"})
    with pytest.raises(Denied, match="work on cases"):
        record_meeting(ground, keys, Who("figures", ("analyst",)), {"beat": "B1"})


def test_a_redrawn_cell_keeps_its_matters_on_the_list(ground):
    make_cell(ground, "G1", geometry=square(0, 0, 1, 2), valid_from=day(4.5))
    from db.replacing import place_again

    place_again(ground)
    assert numbers(agenda(ground, "B1", day(5.5)).open) == ["110:1", "110:2", "110:3"]
