"""Cases as places have told them (docs/casework.md), step by step: height, state, ledgers, containment."""

import pytest

from geo.errors import NotFound, Refused
from tests.db.acting import Play, build


@pytest.fixture
def play(conn, keys):
    """A case that nobody has registered yet, in a small place."""
    build(conn, keys)
    return Play(conn, keys)


def test_a_blue_matter_is_settled_in_its_cell(play):
    play.register(found_first=True, channel="gridapp", source_no=None, phone=None)
    play.do("cell", "take_lead", level="cell")
    play.do("cell", "mediate", way="people", place="home", agreement=True, outcome="各退一步")
    play.do("cell", "settle", on_the_spot=True)
    case = play.do("cell", "close", satisfaction=5)
    facts = case.facts
    assert play.number == "gridapp:20260302-0001"
    assert [step["kind"] for step in case.steps] == [
        "register", "tag", "take_lead", "mediate", "settle", "close",
    ]  # fmt: skip
    assert (facts["phase"], facts["stage"], facts["closed_at"]) == ("closed", "清零", play.at(4))
    assert (facts["lead_level"], facts["lead_unit"], facts["satisfaction"]) == ("cell", "S1", 5)
    assert facts["tags"] == ["found_first"]
    assert (facts["settled_at"], facts["revisit_due_at"]) == (play.at(3), play.at(3 + 14 * 24))
    assert (play.height(), case.diversions, case.whistles) == ("cell", [], [])
    assert {code: play.judged(code) for code in ("QD", "JM", "ZS")} == dict.fromkeys(("QD", "JM", "ZS"), "contained")
    assert case.allowed == ["meet", "tag", "untag", "revisit", "reopen"]


def test_a_yellow_matter_with_departments_called_into_the_community_is_contained_under_jm(play):
    play.register()
    play.do("cell", "take_lead", level="cell")
    play.do("cell", "grade_ask", severity=2, reason="多户牵涉")
    play.do("chief", "grade")
    play.do("cell", "escalate", level="community", to="S1")
    play.do("beat", "take_lead")
    play.do("beat", "whistle", departments=["D1", "D2"], report_by=play.at(24))
    play.do("housing", "attend", minutes=90)
    play.do("fire", "attend", after=20)
    play.do("beat", "mediate", way="administrative", place="community", agreement=True)
    play.do("beat", "settle")
    case = play.do("beat", "close")
    assert [(call["unit"], call["attended_at"], call["late"]) for call in case.whistles] == [
        ("D1", play.at(7), False),
        ("D2", play.at(27), True),
    ]
    assert (play.height(), case.facts["severity"], case.facts["severity_at"]) == ("community", 2, play.at(5))
    assert (play.judged("JM"), play.judged("QD"), play.judged("ZS")) == ("contained", "escaped", "contained")


def test_a_red_matter_goes_from_failed_talks_on_site_to_judicial_confirmation_at_street_level(play):
    play.register()
    play.do("cell", "take_lead", level="cell")
    play.do("cell", "mediate", way="people", place="home", agreement=False, outcome="未谈成")
    play.do("cell", "grade_ask", severity=3)
    play.do("chief", "grade", severity=3)
    play.do("beat", "escalate", to="ZZ")
    play.do("centre", "take_lead")
    with pytest.raises(Refused, match="mediate to an agreement first"):
        play.do("court", "confirm", court="COURT", no="(2026)调确1号")
    play.do("centre", "mediate", way="judicial", place="law", room="联合调解室", agreement=True, mediators="GW,P1")
    play.do("centre", "confirm", court="COURT", no="(2026)调确1号")
    play.do("centre", "settle")
    case = play.do("centre", "close", satisfaction=4)
    mediated = [step["detail"] for step in case.steps if step["kind"] == "mediate"]
    assert [(each["place"], each["agreement"]) for each in mediated] == [("home", False), ("law", True)]
    assert mediated[1]["mediators"] == ["GW", "P1"]
    assert (play.height(), case.facts["severity"], case.facts["lead_unit"]) == ("street", 3, "ZZ")
    assert {code: play.judged(code) for code in ("QD", "JM", "ZS")} == dict.fromkeys(("QD", "JM", "ZS"), "contained")


def test_a_fire_lane_quarrel_keeps_its_milestones_of_5_hours_3_days_and_4_days(play):
    play.register(category="firelane")
    play.do("beat", "take_lead", level="community")
    play.do("beat", "grade_ask", severity=2)
    play.do("chief", "grade")
    play.do("beat", "whistle", after=0.5, departments="D1，D2", report_by=play.at(5))
    play.do("fire", "attend", after=0.5)
    play.do("housing", "attend", after=0.5)
    consensus = play.do(
        "beat", "mediate", after=0.5, way="people", place="community", agreement=True, outcome="达成共识"
    )
    play.do("fire", "assist", after=67.0, result="隐患消除")
    play.do("housing", "assist", after=24.0, result="通道拆除")
    play.do("beat", "settle", after=0)
    case = play.do("beat", "close", after=0)
    told = {(step["kind"], step["result"]): step["at"] for step in case.steps}
    assert consensus.steps[-1]["at"] == play.at(5)
    assert told["assist", "隐患消除"] == play.at(3 * 24)
    assert told["assist", "通道拆除"] == play.at(4 * 24) == case.facts["closed_at"]
    assert all(call["attended_at"] <= call["report_by"] for call in case.whistles)
    assert case.facts["closed_at"] < case.facts["due_at"] == play.at(240)
    assert (play.height(), play.judged("JM"), play.judged("QD")) == ("community", "contained", "escaped")


def test_a_diversion_bounced_twice_is_kept_by_its_first_receiver(play):
    play.register(person="station")
    play.do("station", "take_lead", level="beat")
    play.do("station", "divert", to="D1", reason="属房屋质量")
    with pytest.raises(Refused, match="Only the unit that it was sent to"):
        play.do("firemen", "divert_accept")
    with pytest.raises(NotFound):
        play.do("fire", "divert_accept")
    with pytest.raises(Refused, match="accepted or bounced by D1"):
        play.do("station", "take_lead", level="beat")
    play.do("housing", "divert_bounce", reason="不属本部门职责")
    assert play.case.facts["lead_unit"] == "S1"
    play.do("station", "divert", to="D2", reason="属消防通道")
    play.do("fire", "divert_bounce", reason="通道在小区内")
    with pytest.raises(Refused, match="stays with its first receiver: S1"):
        play.do("housing", "keep")
    kept = play.do("station", "keep")
    assert [(d["to_unit"], d["accepted_at"], d["bounced_at"], d["kept"]) for d in kept.diversions] == [
        ("D1", None, play.at(3), False),
        ("D2", None, play.at(5), True),
    ]
    assert (kept.facts["lead_unit"], kept.facts["lead_level"], kept.facts["offered_unit"]) == ("S1", "beat", None)
    play.do("station", "settle")
    play.do("station", "close")
    # Diversions that nobody accepted never raise the height.
    assert (play.height(), play.judged("JM"), play.judged("QD")) == ("beat", "escaped", "escaped")


def test_an_accepted_diversion_is_done_by_its_receiver_and_followed_by_its_sender(play):
    play.register(person="station")
    play.do("station", "take_lead", level="beat")
    play.do("station", "divert", to="D1")
    play.do("housing", "divert_accept")
    with pytest.raises(Refused, match="Only whoever holds the lead"):
        play.do("station", "settle")
    play.do("housing", "divert_done", outcome="已修缮")
    assert play.do("station", "urge").facts["lead_unit"] == "D1"
    play.do("housing", "settle")
    case = play.do("station", "close")
    (line,) = case.diversions
    assert (line["from_unit"], line["accepted_at"], line["done_at"]) == ("S1", play.at(3), play.at(4))
    assert (play.height(), play.judged("ZS")) == ("district", "escaped")


def test_a_bad_revisit_reopens_in_the_same_transaction(play):
    play.register()
    play.do("cell", "take_lead", level="cell")
    with pytest.raises(Refused, match="A revisit follows a settling"):
        play.do("cell", "revisit", way="phone", kept=True, grievance=False, new_dispute=False)
    play.do("cell", "settle")
    play.do("cell", "close", satisfaction=4)
    case = play.do("cell", "revisit", after=13 * 24, way="visit", kept=False, grievance=True, new_dispute=False)
    assert [step["kind"] for step in case.steps[-2:]] == ["revisit", "reopen"]
    assert case.steps[-2]["detail"]["late"] is False
    assert (case.facts["closed_at"], case.facts["settled_at"], case.facts["revisit_due_at"]) == (None, None, None)
    assert (case.facts["phase"], play.judged("JM")) == ("handling", "pending")
    play.do("cell", "settle")
    play.do("cell", "close")
    case = play.do("cell", "revisit", after=15 * 24, way="phone", kept=True, grievance=False, new_dispute=False)
    assert case.steps[-1]["detail"]["late"] is True
    assert (case.facts["phase"], case.facts["revisit_due_at"], play.judged("JM")) == ("closed", None, "contained")


def test_a_sensor_alert_that_is_true_is_handled(play):
    play.register(channel="sensor", category="alert", source_no="7")
    with pytest.raises(Refused, match="verified or dismissed before anything else"):
        play.do("beat", "take_lead", level="cell")
    assert play.case.allowed == ["verify", "dismiss"]
    play.do("cell", "verify")
    with pytest.raises(Refused, match="verified or dismissed already"):
        play.do("cell", "dismiss")
    play.do("cell", "take_lead", level="cell")
    play.do("cell", "settle")
    case = play.do("cell", "close")
    assert (case.facts["loop"], case.facts["stage"]) == ("感知-预警-核查-处置", "处置")
    assert (play.height(), play.judged("JM")) == ("cell", "contained")


def test_a_sensor_alert_that_is_not_true_is_dismissed_and_so_closed(play):
    play.register(channel="sensor", category="alert", source_no="8")
    case = play.do("cell", "dismiss", reason="误报")
    assert [(step["kind"], step["detail"].get("how")) for step in case.steps[-2:]] == [
        ("dismiss", None),
        ("close", "dismissed"),
    ]
    assert (case.facts["closed_at"], case.facts["lead_level"], play.height()) == (play.at(1), None, None)
    assert case.facts["revisit_due_at"] is None


def test_an_alert_about_a_person_is_refused(play):
    with pytest.raises(Refused, match="about a place and never about persons"):
        play.register(channel="sensor", category="alert", phone="13800001234")
