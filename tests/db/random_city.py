"""A small made-up city with everything that makes figures hard: moves, redrawings, ladders, joins, ties, gaps."""

import random
from datetime import timedelta

from psycopg2.extras import DateTimeTZRange
from sqlalchemy import text

from db.beats import beat_ids, hold
from db.replacing import place_again
from grids.levels import LEVELS
from grids.steps import STEP_KINDS
from tests.factories import (
    day,
    make_area,
    make_beat,
    make_category,
    make_cell,
    make_incidents,
    make_ladder,
    make_officer,
    make_posting,
    make_steps,
    make_unit,
    middle,
    square,
)

DAYS = 40
CATEGORIES = ("quarrel", "noise", "pets", "theft")
CHANNELS = ("110", "12345", "patrol")
GROUPS = ("disputes", "crimes")
OFFICERS = ("P1", "P2", "P3", "P4", "P5")
EVENTFUL = ("grade", "take_lead", "divert_accept", "close", "reopen", "handle", "assist", "mediate", "respond")
PLACES = (
    "station:S1", "station:S2", "beat:B1", "beat:B2", "beat:B4", "cell:G00", "cell:G11", "cell:G40", "community:C1",
    "community:C2", "street:T1", "district:K", "beat:nowhere",
)  # fmt: skip


def build(conn, keys, seed, incidents=70):
    """Fill an empty record; the same seed gives the same city."""
    rng = random.Random(seed)
    _draw(conn, rng)
    _staff(conn, keys, rng)
    numbers = [_incident(rng, number) for number in range(incidents)]
    make_incidents(conn, keys, numbers)
    make_steps(conn, keys, [step for told in numbers for step in _steps(rng, told)])
    place_again(conn)


def _draw(conn, rng):
    """Five columns of three cells; the last column lies in no community, the community C3 in no street."""
    make_area(conn, "K", "district", square(0, 0, 5, 3))
    make_area(conn, "T1", "street", square(0, 0, 3, 3))
    for number, (i, wide) in enumerate(((0, 2), (2, 1), (3, 1)), 1):
        make_area(conn, f"C{number}", "community", square(i, 0, wide, 3))
    for station in ("S1", "S2"):
        make_unit(conn, station)
    for number in range(1, 6):
        station = {1: "S1", 2: "S1", 3: "S2", 4: "S2"}.get(number)
        make_beat(conn, f"B{number}", station=station, community=rng.choice(["C1", "C2", None]))
    for i in range(5):
        for j in range(3):
            make_cell(conn, f"G{i}{j}", i, j, f"B{i + 1}", residents=rng.choice([None, 100, 300]))
    beats = beat_ids(conn)
    cells = dict(conn.execute(text("SELECT code, id FROM cell")).all())
    for code in rng.sample(sorted(cells), 6):
        for at in sorted(rng.sample(range(1, DAYS), 2)):
            hold(conn, cells[code], beats[f"B{rng.randint(1, 5)}"], day(at))
    make_cell(conn, "G40", geometry=square(4, 0, 2, 1), name="redrawn", valid_from=day(DAYS - 1))
    stations = dict(conn.execute(text("SELECT code, id FROM unit")).all())
    make_ladder(conn, stations["S1"], (0, 1, 1, 2, 3, 4))
    turn = day(rng.randint(5, 30))
    make_ladder(conn, stations["S2"], (0, 2, 1, 3, 3, 3), DateTimeTZRange(None, turn))
    make_ladder(conn, stations["S2"], (0, 0, 0, 1, 2, 2), DateTimeTZRange(turn, turn + timedelta(days=7)))


def _staff(conn, keys, rng):
    for number, code in enumerate(CATEGORIES):
        make_category(
            conn,
            code,
            group=GROUPS[number // 2],
            containable=code != "theft",
            default_severity=number % 3 + 1,
            minutes=float(10 * number + 15),
            deadline_hours=rng.choice([None, 24.0, 72.0]),
        )
    for code in OFFICERS:
        make_officer(conn, keys, code)
    places = [{"beat": "B1"}, {"cell": "G00"}, {"unit": "S1"}, {"cell": "G11"}, {"beat": "B3"}, {"cell": "G40"}]
    for officer in OFFICERS[:4]:
        for place in rng.sample(places, 2):
            since = day(rng.randint(-10, 20))
            until = rng.choice([None, since + timedelta(days=rng.randint(1, 30))])
            make_posting(
                conn, officer, "police", since, weekly_hours=rng.choice([None, 0.0, 20.0]), valid_to=until, **place
            )


def _incident(rng, number):
    """A report at a whole hour; some in no cell, without coordinates, graded, or about an earlier one."""
    told = {"source_no": str(number), "category": rng.choice(CATEGORIES), "channel": rng.choice(CHANNELS)}
    told |= {"reported_at": day(rng.randint(0, 24 * DAYS) / 24), "severity": rng.choice([None, None, 1, 2, 3])}
    if rng.random() < 0.9:
        lon, lat = middle(rng.randint(0, 5), rng.randint(0, 2))
        told |= {"lon": lon, "lat": lat}
    return told


def _steps(rng, told):
    """A history at whole hours from the report on; lead, grade and closing are frequent."""
    at = told["reported_at"]
    kinds = [rng.choice((*EVENTFUL, *EVENTFUL, *STEP_KINDS)) for _ in range(rng.randint(0, 9))]
    for step_no, kind in enumerate(kinds, 1):
        at += timedelta(hours=rng.choice([0, 1, 24, 24, 120]))
        takes_lead = STEP_KINDS[kind].takes_lead
        yield {
            "channel": told["channel"],
            "source_no": told["source_no"],
            "step_no": step_no,
            "at": at,
            "kind": kind,
            "level": rng.choice(LEVELS if takes_lead else (None, *LEVELS)),
            "severity": rng.randint(1, 3) if kind == "grade" else None,
            "officer": rng.choice((None, *OFFICERS)),
            "minutes": rng.choice([None, None, 0.0, 12.5, 40.0]),
        }
