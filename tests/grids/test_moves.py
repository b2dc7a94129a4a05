"""Moves and rules without a record: who sits where, what is refused by which rule, what may come next."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import Denied, InputError, Refused
from grids.casework import Step, replay
from grids.levels import Ladder
from grids.moves import MOVES, RULES, Situation, UnitFact, allowed, is_bad_revisit, make
from grids.rights import Who
from tests.strategies import DAY0, travels

UNITS = {
    "S1": UnitFact("street", "station"), "S2": UnitFact("street", "station"), "D1": UnitFact("district", "department"),
    "D2": UnitFact("district", "department"),
}  # fmt: skip
WORKER = Who("老王", ("officer",), ("station:S1",))
CHIEF = Who("所长", ("officer", "approver"), ("station:S1",))


def situation(*steps, who=WORKER, acts_for=("S1",), hours=100, channel="12345", **told):
    """What `who` would act in after some steps."""
    at = DAY0 + timedelta(hours=hours)
    ordered = tuple(sorted(steps, key=lambda step: step.order))
    return Situation(
        replay(ordered, 1), ordered, who, at, at, channel, UNITS,
        acts_for=None if acts_for is None else frozenset(acts_for), **told,
    )  # fmt: skip


def step(hour, kind, level=None, unit=None, severity=None, actor=None, **detail):
    return Step(DAY0 + timedelta(hours=hour), hour, kind, level, severity, unit, actor, detail)


LED = step(1, "take_lead", "beat", "S1")
SENT = step(2, "divert", "district", "S1", to="D1")


def test_a_move_is_made_for_the_unit_that_holds_the_lead_when_it_does_not_say():
    made = make("handle", situation(LED), {"result": "已上门"}, 7)
    assert (made.unit, made.level, made.no, made.actor, dict(made.detail)) == ("S1", "beat", 7, "老王", {})


def test_what_a_move_says_is_kept_as_plain_values():
    by = (DAY0 + timedelta(hours=200)).isoformat()
    made = make("whistle", situation(LED), {"departments": "D1, D2,D1", "report_by": by}, 7)
    assert made.detail == {"departments": ["D1", "D2"], "report_by": by}


@pytest.mark.parametrize(
    ("steps", "move", "told", "rule"),
    [
        ([LED], "take_lead", {"level": "cell"}, "lead_is_free"),
        ([LED, step(2, "transfer", "beat", "S1", to="S2")], "take_lead", {"unit": "S1"}, "lead_is_free"),
        ([LED, SENT], "transfer", {"to": "S2"}, "unanswered"),
        ([LED, SENT], "settle", {}, "unanswered"),
        ([LED, SENT], "divert_accept", {}, "sent_to_you"),
        ([LED], "keep", {}, "nobody_accepted"),
        ([LED], "divert_done", {}, "in_your_hand"),
        ([LED], "divert", {"to": "S1"}, "another_unit"),
        ([LED], "escalate", {"level": "cell"}, "upwards"),
        ([LED], "escalate", {"level": "beat"}, "upwards"),
        ([LED], "transfer", {"to": "D1"}, "not_upwards"),
        ([LED], "transfer", {"to": "S1"}, "somewhere_else"),
        ([LED], "dispatch", {"to": "S2"}, "nobody_leads"),
        ([], "dispatch", {}, "somebody_named"),
        ([], "mediate", {"way": "people", "place": "home", "agreement": True}, "somebody_leads"),
        ([LED, step(2, "whistle", unit="S1", departments=["D1"])], "attend", {}, "called"),
        ([LED], "confirm", {"court": "S2", "no": "1"}, "agreed"),
        ([LED, step(2, "settle", "beat", "S1")], "settle", {}, "not_settled"),
        ([LED, step(2, "tag", tag="bone")], "tag", {"tag": "bone"}, "tag_is_new"),
        ([LED], "untag", {"tag": "bone"}, "tag_stands"),
        ([LED, step(2, "close")], "handle", {}, "open"),
        ([LED], "reopen", {"reason": "x"}, "closed"),
        ([LED], "verify", {}, "alert"),
    ],
)
def test_what_is_forbidden_says_its_rule(steps, move, told, rule):
    with pytest.raises(Refused) as refusal:
        make(move, situation(*steps), told, 9)
    assert RULES[rule].zh in str(refusal.value)


def test_ties_on_the_ladder_are_transfers():
    level = Ladder({"cell": 0, "beat": 1, "community": 1, "street": 2, "district": 3, "city": 4})
    with pytest.raises(Refused, match="goes up the ladder"):
        make("escalate", situation(LED, ladder=level), {"level": "community"}, 9)
    assert make("transfer", situation(LED, ladder=level), {"to": "S1", "level": "community"}, 9).level == "community"


def test_basic_facts_come_before_passing_on():
    with pytest.raises(Refused, match="add the place"):
        make("escalate", situation(LED, missing=("the place",)), {"level": "street"}, 9)


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({}, r"to \(送往单位\)"),
        ({"to": "X9"}, "There is no unit 'X9'"),
        ({"to": "S2", "colour": "red"}, "There is no field colour"),
        ({"to": "S2", "level": "province"}, "one of cell, beat"),
        ({"to": "S2", "minutes": "long"}, "minutes between"),
        ({"to": "S2", "note": 7}, "a text of at most"),
        ({"to": "S2", "note": "a\x00b"}, "a text of at most"),
    ],
)
def test_what_cannot_be_read_is_said(told, says):
    with pytest.raises(InputError, match=says):
        make("transfer", situation(LED), told, 9)


@pytest.mark.parametrize(("told", "wanted"), [("2026-03-05T10:00", "its zone"), (True, "its zone"), ("x", "its zone")])
def test_instants_need_their_zone(told, wanted):
    with pytest.raises(InputError, match=wanted):
        make("whistle", situation(LED), {"departments": ["D1"], "report_by": told}, 9)


def test_a_flag_is_read_from_json_and_from_text():
    said = {"way": "phone", "kept": "yes", "grievance": "0", "new_dispute": False, "satisfaction": "4"}
    settled = situation(LED, step(2, "settle", "beat", "S1"))
    made = make("revisit", settled, said, 9)
    assert made.detail == {
        "way": "phone", "kept": True, "grievance": False, "new_dispute": False, "satisfaction": 4, "late": False,
    }  # fmt: skip
    assert not is_bad_revisit(made)
    assert is_bad_revisit(make("revisit", settled, said | {"new_dispute": True}, 9))
    with pytest.raises(InputError, match="true or false"):
        make("revisit", settled, said | {"kept": "maybe"}, 9)


def test_without_the_right_a_move_is_denied():
    with pytest.raises(Denied):
        make("supervise", situation(LED), {}, 9)
    assert "supervise" not in allowed(situation(LED))
    assert "supervise" in allowed(situation(LED, who=CHIEF))


def test_what_may_come_next_follows_the_state():
    assert "take_lead" in allowed(situation())
    assert {"handle", "transfer", "escalate", "whistle", "divert", "settle"} <= set(allowed(situation(LED)))
    waiting = situation(LED, SENT)
    assert {"keep"} <= set(allowed(waiting))
    assert not {"divert_accept", "transfer", "settle", "take_lead"} & set(allowed(waiting))
    assert {"divert_accept", "divert_bounce"} <= set(allowed(replace(waiting, acts_for=frozenset({"D1"}))))
    assert allowed(situation(channel="sensor")) == ["verify", "dismiss"]


@given(travels, st.sampled_from(["S1", "D1", None]))
def test_what_is_allowed_is_refused_for_what_is_said_only(history, unit):
    seen = situation(*history, who=CHIEF, acts_for=None if unit is None else (unit,))
    told = {
        "to": "S2", "level": "street", "departments": ["D1"], "report_by": (seen.at + timedelta(days=1)).isoformat(),
        "way": "people", "place": "home", "agreement": True, "reason": "x", "court": "S1", "no": "1", "severity": 2,
        "tag": "bone", "kept": True, "grievance": False, "new_dispute": False, "care": "benefits",
    }  # fmt: skip
    may = allowed(seen)
    for code in MOVES:
        if code == "register":
            continue
        names = {field.name for field in MOVES[code].fields if field.required}
        said = {name: "visit" if code == "revisit" and name == "way" else told[name] for name in names}
        try:
            make(code, seen, said, 1_000_000)
        except Refused as refusal:
            broken = next(rule for rule in RULES.values() if rule.zh in str(refusal).rpartition("(")[2])
            assert code not in may or broken.by_fields
        except InputError:
            assert code in may or code == "keep"
        else:
            assert code in may
