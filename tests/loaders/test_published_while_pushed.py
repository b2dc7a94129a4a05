"""A plan published while reports stream in and another planner edits: nothing lost, all in the beat of their time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

from sqlalchemy import text

from db import readmodel
from db.engine import begin
from db.facts import Filter
from db.measures.workload import workload
from db.planning import drafts, publishing
from db.planning.places import assignment_at
from grids.rights import Who, operator
from loaders.intake import take
from tests.db.planned_town import make_planned_town
from tests.factories import middle

ZONE = ZoneInfo("Asia/Shanghai")
SWITCH = datetime(2026, 6, 12, tzinfo=ZONE)
NOW = SWITCH - timedelta(days=2)
FEEDS, EACH = 3, 12
PLANNER, OTHER = Who("mei", ("planner",)), Who("lin", ("planner",))
APPROVER = Who("shen", ("approver",))


def approved(record):
    """A plan that moves G20 and G21 to B1, up to its approval."""
    with begin(record.engine, PLANNER) as conn:
        code = drafts.begin_plan(conn, PLANNER, "B2 is too busy", at=NOW).code
        drafts.move_cells(conn, PLANNER, code, ["G20", "G21"], "B1")
        publishing.advance(conn, record.keys, PLANNER, code, "submit")
    with begin(record.engine, APPROVER) as conn:
        publishing.advance(conn, record.keys, APPROVER, code, "approve")
    return code


def reports(feed):
    """Reports of a feed, alternately in G20 and G30, an hour apart about the switch."""
    for n in range(EACH):
        lon, lat = middle(2 + n % 2, 0)
        at = SWITCH + timedelta(hours=n - EACH / 2, minutes=feed)
        yield {"channel": "110", "source_no": f"{feed}-{n}", "category": "quarrel", "lon": lon, "lat": lat,
               "reported_at": at.isoformat()}  # fmt: skip


def test_a_plan_is_published_while_reports_stream_in_and_another_planner_edits(record, tmp_path):
    with begin(record.engine, "test") as conn:
        make_planned_town(conn, record.keys)
        category = conn.execute(text("SELECT code FROM category LIMIT 1")).scalar_one()
        before = assignment_at(conn, NOW)
    code = approved(record)
    with begin(record.engine, OTHER) as conn:
        draft = drafts.begin_plan(conn, OTHER, "Another", at=NOW).code
    start = Barrier(FEEDS + 2)

    def push(feed):
        start.wait(30)
        items = [item | {"category": category} for item in reports(feed)]
        return [take(record.engine, record.keys, operator("feed"), [item], "incidents")[0]["status"] for item in items]

    def edit():
        start.wait(30)
        for n in range(EACH):
            with begin(record.engine, OTHER) as conn:
                drafts.move_cells(conn, OTHER, draft, ["G30"], "B3" if n % 2 else "B1")
        return ["edited"]

    def publish():
        start.wait(30)
        with begin(record.engine, APPROVER) as conn:
            publishing.publish(conn, record.keys, APPROVER, code, SWITCH, NOW)
        return ["published"]

    with ThreadPoolExecutor(FEEDS + 2) as threads:
        work = [threads.submit(push, feed) for feed in range(FEEDS)] + [threads.submit(edit), threads.submit(publish)]
        told = [each.result() for each in work]
    assert told[:FEEDS] == [["inserted"] * EACH] * FEEDS
    with begin(record.engine, "test") as conn:
        held = {when: assignment_at(conn, when) for when in (SWITCH - timedelta(seconds=1), SWITCH)}
        assert len(drafts.draft_of(conn, drafts.read_plan(conn, draft)).edits) == EACH
    assert list(held.values()) == [before, before | {"G20": "B1", "G21": "B1"}]
    _each_in_the_beat_of_its_time(record, held, tmp_path / "readmodel")


def _each_in_the_beat_of_its_time(record, held, home):
    """What the read model says of each beat is what a walk over the reports says."""
    expected = dict.fromkeys(("B1", "B2", "B3"), 0)
    for feed in range(FEEDS):
        for n, item in enumerate(reports(feed)):
            when = SWITCH if datetime.fromisoformat(item["reported_at"]) >= SWITCH else SWITCH - timedelta(seconds=1)
            expected[held[when][f"G{2 + n % 2}0"]] += 1
    flt = Filter(SWITCH - timedelta(days=1), SWITCH + timedelta(days=1))
    with begin(record.engine, "test") as conn:
        found = conn.execute(text("SELECT count(*) FROM incident WHERE source_no LIKE '_-%'")).scalar_one()
    assert found == FEEDS * EACH
    model = readmodel.current(record.engine, home)
    with begin(record.engine, "test") as conn:
        told = workload(conn, readmodel.whole(model), flt, "beat").set_index("key")["matters"]
    assert told.to_dict() == expected
