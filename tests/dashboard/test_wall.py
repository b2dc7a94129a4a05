"""The wall: what its address chooses, what its picture holds and never holds, and that it is read once for all."""

import json
import re
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from dashboard.app import create_app
from dashboard.live import snapshot
from dashboard.live.freshness import SHORTEST, STALE_AFTER, judged, old_since
from dashboard.live.looking import FEWEST, Looking, Wanted, stepped
from dashboard.live.snapshot import PARTS, Part, Snapshots
from dashboard.live.stamp import Stamps
from dashboard.pages.wall.choice import DWELL_S, LONGEST_S, SCENES, SHORTEST_S, Choice
from dashboard.reading.desk import Desk
from dashboard.reading.view import View
from db import metrics
from db.engine import begin
from db.measures import MEASURES
from grids.rights import Who
from tests.conftest import DEMO_UNTIL, LoadedDatabase
from tests.signing import signed_in

NOW = datetime(2026, 6, 30, 14, tzinfo=UTC)
WALL = Who("wall", ("wall",))
DOOR_NUMBER = re.compile(r"\d+(?:号|弄|单元|室|栋)")


@pytest.fixture(scope="module")
def desk(demo_db: LoadedDatabase) -> Desk:
    return Desk(demo_db.settings, demo_db.engine, lambda: DEMO_UNTIL).under(WALL)


@pytest.fixture(scope="module")
def snapshots(desk: Desk) -> Snapshots:
    return Snapshots(desk, Stamps(desk))


def chosen(desk: Desk, query: str) -> Choice:
    return Choice.of(dict(part.split("=", 1) for part in query.split("&") if part), desk.facts())


@pytest.mark.parametrize(
    ("query", "scenes"),
    [
        ("", SCENES),
        ("scene=load", ("load",)),
        ("scene=situation,containment", ("situation", "containment")),
        ("scene=Containment, load,load", ("containment", "load")),
        ("scene=moon,load", ("load",)),
        ("scene=moon", SCENES),
        ("scene=", SCENES),
    ],
)
def test_an_address_chooses_scenes_and_a_typing_error_leaves_the_default(desk: Desk, query: str, scenes: Any) -> None:
    assert chosen(desk, query).scenes == scenes


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("30", 30), ("1", SHORTEST_S), ("999999", LONGEST_S), ("soon", DWELL_S), ("-4", DWELL_S), ("1e3", DWELL_S),
     ("٣", DWELL_S), ("9" * 40, DWELL_S)],
)  # fmt: skip
def test_a_dwell_stays_within_reason(desk: Desk, told: str, seconds: int) -> None:
    assert chosen(desk, f"dwell={told}").dwell_s == seconds


def test_place_period_and_policy_are_taken_where_they_are_known(desk: Desk) -> None:
    beat = desk.facts().places.query("kind == 'beat'")["code"].iloc[0]
    assert chosen(desk, f"place=beat:{beat}&period=week&policy=jm").wanted == Wanted("JM", f"beat:{beat}", "7d")
    assert chosen(desk, "place=beat:NIX&period=century&policy=XX").wanted == Wanted()
    assert chosen(desk, "period=month").wanted.period == "30d"


@given(st.dictionaries(st.sampled_from(["scene", "dwell", "place", "period", "policy"]), st.text(max_size=30)))
def test_no_address_breaks_a_wall(desk: Desk, query: dict[str, str]) -> None:
    found = Choice.of(query, desk.facts())
    assert set(found.scenes) <= set(SCENES)
    assert SHORTEST_S <= found.dwell_s <= LONGEST_S


@given(st.lists(st.integers(0, 400), min_size=1, max_size=60))
def test_small_counts_share_one_step_and_more_is_never_paler(counts: list[int]) -> None:
    bounds, steps = stepped(pd.Series(counts))
    assert bounds == sorted(set(bounds))
    assert {step for count, step in zip(counts, steps, strict=True) if 0 < count < FEWEST} <= {1}
    assert {step for count, step in zip(counts, steps, strict=True) if count == 0} <= {0}
    assert {step for count, step in zip(counts, steps, strict=True) if count >= FEWEST} <= set(range(2, 7))
    ordered = [step for _count, step in sorted(zip(counts, steps, strict=True))]
    assert ordered == sorted(ordered)


def channel(*, pushed: bool, silent: timedelta, loaded: timedelta, gap: timedelta | None) -> pd.DataFrame:
    told = {"channel": "110", "last_reported_at": NOW - silent, "last_loaded_at": NOW - loaded, "pushed": pushed}
    return pd.DataFrame([told | {"longest_gap_s": float("nan") if gap is None else gap.total_seconds()}])


@pytest.mark.parametrize(
    ("rhythm", "late"),
    [
        ({"pushed": True, "silent": timedelta(hours=2), "gap": timedelta(hours=2)}, False),
        ({"pushed": True, "silent": timedelta(hours=3, minutes=1), "gap": timedelta(hours=2)}, True),
        ({"pushed": True, "silent": SHORTEST - timedelta(minutes=1), "gap": timedelta(minutes=2)}, False),
        ({"pushed": True, "silent": SHORTEST + timedelta(minutes=1), "gap": timedelta(minutes=2)}, True),
        ({"pushed": False, "silent": timedelta(days=3), "gap": timedelta(hours=1)}, False),
        ({"pushed": False, "loaded": STALE_AFTER + timedelta(minutes=1), "gap": timedelta(hours=1)}, True),
        ({"pushed": True, "silent": timedelta(days=3), "gap": None}, False),
    ],
)
def test_a_pushed_channel_is_late_by_the_hour_and_a_file_by_the_day(rhythm: dict[str, Any], late: bool) -> None:
    usual = {"silent": timedelta(0), "loaded": timedelta(hours=20)}
    assert judged(channel(**usual | rhythm), NOW)["stale"].tolist() == [late]


@pytest.mark.parametrize(("ago", "old"), [(STALE_AFTER, False), (STALE_AFTER + timedelta(minutes=1), True)])
def test_a_record_is_old_when_its_last_report_is(ago: timedelta, old: bool) -> None:
    last = pd.Series([NOW - ago, NOW - timedelta(days=9)])
    assert old_since(pd.DataFrame({"last_reported_at": last}), NOW) == (NOW - ago if old else None)


def test_what_stands_open_is_what_the_record_itself_counts(desk: Desk) -> None:
    """The read model beside plain SQL."""
    for period in ("today", "7d", "30d"):
        flt = desk.filter(View(period=period))
        with desk.connection() as conn:
            (stand,) = MEASURES["standing"](conn, desk.view(), flt).itertuples()
            told = metrics.totals(conn, flt)
            stations = MEASURES["standing"](conn, desk.view(), flt, by="station")
        assert (stand.opened, stand.closed, stand.open, stand.overdue) == (
            told.matters, told.closed, told.open_matters, told.overdue,
        )  # fmt: skip
        assert stations[["open", "overdue", "late_7"]].sum().tolist() == [stand.open, stand.overdue, stand.late_7]
        assert stand.overdue >= stand.late_1 >= stand.late_3 >= stand.late_7


def test_the_matters_that_escaped_are_those_that_containment_counts(desk: Desk) -> None:
    flt = desk.filter(View(period="30d"))
    with desk.connection() as conn:
        rows = MEASURES["escapes"](conn, desk.view(), flt)
        (whole,) = MEASURES["containment"](conn, desk.view(), flt).itertuples()
    assert len(rows) == whole.escaped > 0
    assert rows["at"].is_monotonic_decreasing


def test_the_hours_of_today_end_where_the_count_stands(desk: Desk) -> None:
    flt = desk.filter(View(period="today"))
    with desk.connection() as conn:
        hours = MEASURES["expected by hour"](conn, desk.view(), flt, now=DEMO_UNTIL)
        (now,) = MEASURES["expected today"](conn, desk.view(), flt, now=DEMO_UNTIL).itertuples()
    assert hours["observed"].dropna().iloc[-1] <= now.observed
    assert hours["expected"].is_monotonic_increasing
    assert hours["expected"].iloc[-1] >= now.expected


def personal(demo_db: LoadedDatabase) -> set[str]:
    """Names and phones of the staff and of reporters, narratives, addresses."""
    keys, found = demo_db.record.keys, set[str]()
    with begin(demo_db.engine, "test") as conn:
        for token in conn.execute(text("SELECT personal FROM officer")).scalars():
            found |= {str(each) for each in keys.open(token).values() if each}
        for token in conn.execute(text("SELECT token FROM incident_personal LIMIT 500")).scalars():
            found |= {str(each) for each in keys.open(token).values() if each}
        found |= set(conn.execute(text("SELECT address FROM incident WHERE address IS NOT NULL")).scalars())
    return {each for each in found if len(each) >= 2}


def test_nothing_personal_is_ever_in_the_picture(demo_db: LoadedDatabase, snapshots: Snapshots) -> None:
    kept = personal(demo_db)
    assert len(kept) > 100
    for period in ("today", "7d", "30d"):
        body = snapshots.latest(Wanted(period=period)).body.decode()
        assert [each for each in kept if each in body] == []
        assert DOOR_NUMBER.findall(body) == []
        assert not {"lon", "lat", "officer", "phone", "narrative", "address"} & set(re.findall(r'"(\w+)":', body))


def test_small_counts_of_places_are_hidden(snapshots: Snapshots) -> None:
    picture = json.loads(snapshots.latest(Wanted(period="today")).body)
    for row in picture["containment"]["places"]:
        told = [row[name] for name in ("k", "n", "escaped", "pending")] if "hidden" not in row else []
        assert not any(0 < count < FEWEST for count in told)
    for row in picture["hot"]["hottest"]:
        assert not 0 < (row["reports"] or 0) < FEWEST
    for row in picture["flow"]:
        assert not any(0 < (row[name] or 0) < FEWEST for name in ("reached", "closed", "open", "up"))


def test_many_screens_cost_one_reading(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[str] = []

    def counted(look: Looking) -> int:
        reads.append(look.wanted.period)
        return len(reads)

    monkeypatch.setattr(snapshot, "PARTS", {"n": Part(counted)})
    kept = Snapshots(desk, Stamps(desk))
    threads = [threading.Thread(target=kept.latest, args=(Wanted(),)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert reads == ["7d"]
    kept.latest(Wanted(period="today"))
    assert reads == ["7d", "today"]


def test_a_part_that_fails_stays_as_it_was_and_leaves_the_others_alone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = iter([1, ZeroDivisionError()])

    def shaky(_look: Looking) -> int:
        found = next(told)
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(snapshot, "PARTS", {"shaky": Part(shaky), "steady": Part(lambda _look: "here")})
    kept = Snapshots(desk, Stamps(desk))
    picture = kept.latest(Wanted())
    picture.stamp, picture.read_at = "older", 0.0
    for part in picture.parts.values():
        part.stamp, part.at = "older", 0.0
    again = json.loads(kept.latest(Wanted()).body)
    assert (again["shaky"], again["steady"]) == (1, "here")


def test_every_part_is_read_on_a_record_with_nothing_in_it(settings: Any, record: Any) -> None:
    desk = Desk(settings, record.engine, lambda: NOW).under(WALL)
    told = json.loads(Snapshots(desk, Stamps(desk)).latest(Wanted()).body)
    assert {name for name in PARTS if told[name] is None} == set()
    assert "cells" in told["missing"]
    client = signed_in(create_app(settings, record.engine, lambda: NOW), record.engine)
    assert "./manage.py load cells FILE" in client.get("/wall").text


def test_the_page_says_its_choice_in_either_language(demo_db: LoadedDatabase) -> None:
    client = signed_in(create_app(demo_db.settings, demo_db.engine, lambda: DEMO_UNTIL), demo_db.engine, "analyst")
    chinese = client.get("/wall?scene=load&period=today").text
    english = client.get("/wall?scene=load&period=today&lang=en").text
    assert ">负荷</h1>" in chinese
    assert ">Load</h1>" in english
    words = json.loads(re.search(r'id="wall-data">(.*?)</script>', english, re.DOTALL)[1])["words"]
    assert not re.search("[\u4e00-\u9fff]", json.dumps({**words, "channels": ""}, ensure_ascii=False))


def test_a_place_of_somebody_elses_is_no_place_of_a_walls(demo_db: LoadedDatabase, desk: Desk) -> None:
    stations = desk.facts().places.query("kind == 'station'")["code"].tolist()
    own = desk.under(replace(WALL, places=(f"station:{stations[0]}",)))
    assert chosen(own, f"place=station:{stations[1]}").wanted.place is None
    picture = json.loads(Snapshots(own, Stamps(own)).latest(Wanted()).body)
    inside = set(own.geometry().within(f"station:{stations[0]}", own.facts())["cell"])
    assert set(picture["cells"]["steps"]) == inside
    assert {row["cell"] for row in picture["feed"]} <= inside | {None}
