"""A small beat with something to do today: a settled case to revisit, an overdue one, one that has just come in."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select

from db import cases
from db.engine import act_as
from db.roster import write_absences, write_shifts
from db.tables import Account, Officer
from grids.rights import Who, operator
from tests.factories import (
    make_area,
    make_beat,
    make_category,
    make_cell,
    make_officer,
    make_posting,
    make_unit,
    middle,
    square,
)

OFFICER = Who("王警官", ("officer",), ("beat:B1",), "P1")
ANALYST = Who("an analyst", ("analyst",))
REVISIT, LATE, FRESH = "12345:REVISIT", "12345:LATE", "12345:FRESH"
PHONE = "13712345678"


def build(conn, keys, now=None):
    """Beat B1 (cells G1, G2) of P1 and beat B2 (G3) of P2, who is on leave and covered by P1; three cases in B1."""
    now = now or datetime.now(UTC)
    act_as(conn, operator("test"))
    long_ago = now - timedelta(days=400)
    make_area(conn, "K", "district", square(0, 0, 4, 4))
    make_area(conn, "T1", "street", square(0, 0, 4, 4))
    make_area(conn, "C1", "community", square(0, 0, 4, 4), name="东海社区")
    make_unit(conn, "S1", name="东海派出所")
    make_beat(conn, "B1", name="第一警格", station="S1", community="C1")
    make_beat(conn, "B2", name="第二警格", station="S1", community="C1")
    for i, (cell, beat) in enumerate((("G1", "B1"), ("G2", "B1"), ("G3", "B2"))):
        make_cell(conn, cell, i, 0, beat, name=f"东海0{i + 1}网格", now=long_ago)
    make_category(conn, "quarrel", police=False, deadline_hours=72.0, name="邻里口角")
    for code, beat in (("P1", "B1"), ("P2", "B2")):
        make_officer(conn, keys, code, name=f"诸葛{code}", phone=PHONE, unit="S1")
        make_posting(conn, code, "beat_lead", long_ago, beat=beat)
    since, until = now - timedelta(hours=1), now + timedelta(hours=6)
    write_shifts(conn, [{"line": 1, "officer": "P1", "kind": "day", "start": since, "end": until}])
    _away(conn, now)
    _case(conn, keys, REVISIT, 0, now - timedelta(days=15), settled=now - timedelta(days=14, hours=1))
    _case(conn, keys, LATE, 1, now - timedelta(days=5))
    _case(conn, keys, FRESH, 1, now - timedelta(hours=2), address="香港路9号")


def _away(conn, now):
    away = {"line": 1, "officer": "P2", "kind": "leave", "cover": "P1"}
    write_absences(conn, [away | {"start": now - timedelta(days=1), "end": now + timedelta(days=2)}])


def _case(conn, keys, number, i, at, settled=None, address="示范路12号"):
    """A case in cell i, led by the station; settled and closed at an instant, or open."""
    station = operator("值班室")
    lon, lat = middle(i, 0)
    channel, _, source_no = number.partition(":")
    report = cases.Report(
        channel,
        "quarrel",
        at,
        source_no,
        address,
        lon,
        lat,
        reporter=f"欧阳{source_no}",
        narrative="秘密",
        phone=f"1380000{1000 + len(source_no)}",
    )
    cases.register(conn, keys, station, report, at=at)
    act = {"unit": "S1", "level": "beat"}
    cases.USE_CASES["take_lead"](conn, keys, station, number, at=at + timedelta(minutes=10), **act)
    if settled is not None:
        cases.USE_CASES["settle"](conn, keys, station, number, at=settled, unit="S1")
        cases.USE_CASES["close"](conn, keys, station, number, at=settled + timedelta(minutes=1), unit="S1")
    act_as(conn, operator("test"))


def make_account(conn, name, who):
    """An account for `who` that no password opens; its id."""
    officer = conn.execute(select(Officer.id).where(Officer.code == who.officer)).scalar() if who.officer else None
    told = {"name": name, "password_hash": "none", "roles": list(who.roles), "places": list(who.places)}
    return conn.execute(insert(Account).values(**told, officer_id=officer).returning(Account.id)).scalar_one()
