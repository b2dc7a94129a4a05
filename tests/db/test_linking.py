"""Reports that come into the record in any order, corrected and decided about, stand where linking at once would."""

from contextlib import contextmanager

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from db.engine import act_as
from grids.repeats import RULES, Rules
from tests.conftest import examples
from tests.db.linked import HOST, Story, check_whole, make_groups, matters_of, report, ruled
from tests.factories import make_area, make_beat, make_cell, make_officer, make_steps, make_unit
from tests.grids.test_repeats import REPORT

RULE_SETS = st.sampled_from([RULES, RULES, Rules(shared_places=1), Rules(shared_groups=1, days=15), Rules(days=60)])
REFERRING = st.tuples(REPORT, st.none() | st.integers(0, 9)).map(lambda told: told[0] | {"refers": told[1]})
relaxed = settings(
    max_examples=examples(8), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@contextmanager
def undone(conn):
    """Within: a savepoint that is rolled back, whatever happens."""
    point = conn.begin_nested()
    try:
        yield
    finally:
        point.rollback()
        act_as(conn, HOST)


def town(conn, keys):
    make_area(conn)
    make_unit(conn)
    make_beat(conn, station="S1", community="C1")
    make_cell(conn, "G1", 0, 0)
    make_officer(conn, keys)
    make_groups(conn)


@st.composite
def stories(draw):
    """Chunks of reports in any order, and between them corrections and words of people."""
    reports = draw(st.lists(REFERRING, min_size=1, max_size=10))
    order = draw(st.permutations(range(len(reports))))
    acts, told = [], 0
    while told < len(order):
        size = draw(st.integers(1, len(order) - told))
        acts.append(("tell", {n: reports[n] for n in order[told : told + size]}))
        told += size
        if told > 1 and draw(st.booleans()):
            a, b = draw(st.lists(st.sampled_from(order[:told]), min_size=2, max_size=2, unique=True))
            acts.append(("decide", (a, b, draw(st.sampled_from([True, False, False, None])))))
        if draw(st.integers(0, 3)) == 0:
            acts.append(("tell", {draw(st.sampled_from(order[:told])): draw(REFERRING)}))
    return acts


@relaxed
@given(stories(), RULE_SETS)
def test_any_order_chunks_corrections_and_words_end_where_linking_at_once_ends(conn, keys, acts, rules):
    with undone(conn), ruled(rules):
        town(conn, keys)
        story = Story(conn, keys, rules)
        for kind, told in acts:
            if kind == "tell":
                story.tell(told)
            else:
                story.decide(*told)
            assert matters_of(conn) == story.expected()
        check_whole(conn)


STEPS = ("take_lead", "settle", "close", "reopen", "divert", "whistle", "tag")


@relaxed
@given(stories(), st.lists(st.tuples(st.integers(0, 9), st.sampled_from(STEPS), st.integers(0, 60)), max_size=8))
def test_steps_visits_and_meeting_lines_go_where_their_report_goes(conn, keys, acts, steps):
    with undone(conn):
        town(conn, keys)
        make_unit(conn, "D1", "department", "district")
        story, waiting = Story(conn, keys, RULES), list(enumerate(steps, 1))
        for kind, told in acts:
            if kind == "tell":
                story.tell(told)
            else:
                story.decide(*told)
            for no, (number, step, days) in [each for each in waiting if each[1][0] in story.reports]:
                handle(conn, keys, number, no, step, days)
                waiting.remove((no, (number, step, days)))
        assert matters_of(conn) == story.expected()
        check_whole(conn)


DETAIL = {"divert": {"to": "D1"}, "whistle": {"departments": ["D1"]}, "tag": {"tag": "bone"}}


def handle(conn, keys, number, no, kind, days):
    """A step of a report, a visit about it, and a meeting that speaks of it."""
    row = {"source_no": str(number), "step_no": no, "at": report(days)["at"], "kind": kind, "unit": "S1"}
    if kind == "take_lead":
        row["level"] = "beat"
    make_steps(conn, keys, [row | {"detail": DETAIL.get(kind)}])
    for statement in (
        "INSERT INTO visit (source, source_no, at, officer_id, kind, content_hash, matter_id, incident_id)"
        " SELECT 'app', :no, now(), o.id, 'care', '', i.matter_id, i.id FROM officer o, incident i"
        " WHERE i.source_no = :number",
        "INSERT INTO meeting (code, at, beat_id) SELECT :no, now(), id FROM beat",
        "INSERT INTO meeting_matter (meeting_id, matter_id, incident_id, decision)"
        " SELECT m.id, i.matter_id, i.id, 'seen' FROM meeting m, incident i"
        " WHERE m.code = :no AND i.source_no = :number",
    ):
        conn.execute(text(statement), {"no": str(no), "number": str(number)})
