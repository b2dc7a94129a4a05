"""The random city with what outcomes are made of: repeats, diversions with answers, revisits, mediators."""

import random
from datetime import timedelta

from sqlalchemy import text

from grids.levels import LEVELS
from tests.db import random_city
from tests.factories import day, make_category, make_incidents, make_officer, make_steps, make_unit, middle

UNITS = ("D1", "D2", "S1")


def build(conn, keys, seed, matters=60):
    """Fill an empty record; the same seed gives the same city."""
    random_city.build(conn, keys, seed)
    rng = random.Random(f"outcomes {seed}")
    for code in UNITS[:2]:
        make_unit(conn, code, kind="department", level="district")
    make_officer(conn, keys, "M1", kind="mediator")
    make_category(conn, "advice", group="disputes", police=False, deadline_hours=48.0, minutes=20.0)
    told = [_report(rng, number) for number in range(matters)]
    make_incidents(conn, keys, told)
    again = [_again(rng, one, number) for number, one in enumerate(told * 2) if rng.random() < 0.35]
    make_incidents(conn, keys, again)
    make_steps(conn, keys, [step for one in told for step in _history(rng, one)])
    assert conn.execute(
        text("SELECT count(*) FROM matter m WHERE 1 < (SELECT count(*) FROM incident WHERE matter_id = m.id)")
    ).scalar()


def _report(rng, number):
    lon, lat = middle(rng.randint(0, 4), rng.randint(0, 2))
    where = {} if rng.random() < 0.1 else {"lon": lon, "lat": lat}
    about = {
        "category": rng.choice(("advice", "advice", *random_city.CATEGORIES)),
        "channel": rng.choice(["110", "12345"]),
    }
    when = {"reported_at": day(rng.randint(0, 24 * random_city.DAYS) / 24), "severity": rng.choice([None, 1, 2])}
    return {"source_no": f"o{number}"} | where | about | when


def _again(rng, one, number):
    """A later report of the same matter, maybe elsewhere and by another channel."""
    lon, lat = middle(rng.randint(0, 4), rng.randint(0, 2))
    at = one["reported_at"] + timedelta(hours=rng.choice([1, 24, 24 * 9, 24 * 20, 24 * 35]))
    same = {"matter": f"{one['channel']}:{one['source_no']}", "category": one["category"], "reported_at": at}
    return {"source_no": f"again{number}", "channel": rng.choice(["110", "patrol"]), "lon": lon, "lat": lat} | same


def _history(rng, one):
    at, no, where = one["reported_at"], 0, {"channel": one["channel"], "source_no": one["source_no"]}
    for kind in _kinds(rng):
        at, no = at + timedelta(hours=rng.choice([0, 1, 5, 24, 24 * 6])), no + 1
        step = where | {"step_no": no, "at": at, "kind": kind, "officer": rng.choice([None, "P1", "P2", "M1", "M1"])}
        if kind in ("take_lead", "divert_accept", "keep"):
            step["level"] = rng.choice(LEVELS[:5])
        if kind == "grade":
            step["severity"] = rng.randint(1, 3)
        if kind in ("divert", "divert_accept", "divert_bounce", "divert_done"):
            step["unit"] = rng.choice(UNITS)
        yield step | ({"detail": detail} if (detail := _detail(rng, kind)) else {})


def _kinds(rng):
    """A likely path with some steps left out and some thrown in."""
    paths = (
        ["take_lead", "settle", "close", "revisit"],
        ["take_lead", "mediate", "settle", "close", "revisit", "reopen", "settle", "close"],
        ["take_lead", "grade", "take_lead", "grade", "mediate", "settle", "close", "grade", "revisit"],
        ["take_lead", "divert", "divert_bounce", "divert", "divert_accept", "divert_done", "settle", "close"],
        ["take_lead", "divert", "keep", "take_lead", "close", "reopen", "close", "revisit"],
        ["take_lead", "divert", "divert_accept", "mediate", "close"],
    )
    return [kind for kind in rng.choice(paths) if rng.random() < 0.9]


def _detail(rng, kind):
    if kind == "divert":
        return {"to": rng.choice(UNITS)} if rng.random() < 0.8 else None
    if kind == "close":
        return {"satisfaction": rng.randint(1, 5)} if rng.random() < 0.5 else None
    if kind == "revisit":
        told = {"kept": rng.random() < 0.7, "grievance": rng.random() < 0.2, "new_dispute": False}
        return told | ({"satisfaction": rng.randint(1, 5)} if rng.random() < 0.5 else {})
    return None
