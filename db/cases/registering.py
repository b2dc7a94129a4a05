"""Registering a case by hand: who reported what, where; once for each number of a channel."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import IntegrityError

from db import audit
from db.bulk import frame_of
from db.cases.adding import Addition, add, next_no
from db.cases.places import find, home_of, units
from db.cases.reading import Case, compose
from db.city import city
from db.engine import acting_everywhere
from db.incidents import PERSONAL, write_incidents
from db.keys import Keys
from db.tables import Category, Channel
from geo.errors import InputError, NotFound, Refused
from grids.moves import MOVES, demand
from grids.placing import NOWHERE, DatedCells
from grids.rights import Who
from grids.situations import SENSOR
from grids.steps import Step

# Channels at which staff write themselves: their numbers are made here, and nobody else need be named.
NUMBERED = ("window", "patrol", "gridapp")
STAFF = ("patrol", "gridapp", SENSOR)
NUMBER_LOCK = 0x6E6F  # "no"
LAST_NUMBER = text("""
    SELECT coalesce(max(CAST(substr(source_no, 10) AS integer)), 0) FROM source_key
    WHERE channel = :channel AND source_no ~ :shape""")
NEAR = """
    SELECT id, code, lower(valid) AS since, upper(valid) AS until, ST_AsBinary(geom) AS geometry FROM cell
    WHERE geom && ST_Expand(ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), 0.0001) ORDER BY id"""
BY_CODE = text("SELECT id, upper_inf(valid) AS live FROM cell WHERE code = :code AND valid @> CAST(:at AS timestamptz)")
ADDRESS = text("SELECT ST_X(geom) AS lon, ST_Y(geom) AS lat FROM address WHERE address = :address")
DAY_RUN = text("SELECT id FROM load_run WHERE kind = 'casework' AND fingerprint = :day ORDER BY id LIMIT 1")
NEW_RUN = text("""
    INSERT INTO load_run (kind, path, fingerprint, profile, actor, state, finished_at)
    VALUES ('casework', 'casework', :day, 'casework', :actor, 'done', now()) RETURNING id""")
COUNT = text("UPDATE load_run SET read = read + 1, inserted = inserted + 1, finished_at = now() WHERE id = :run")


@dataclass(frozen=True)
class Report:
    """What somebody reports. Where: lon and lat (degrees WGS-84), or cell (code), or an address alone.

    source_no: the channel's own number; window, patrol and gridapp get one made. matter: number of an earlier report of
    the same thing. anonymous: the reporter would not be named. found_first: staff found it before anybody reported it.
    danger: people are in danger, so the police come first.
    """

    channel: str
    category: str
    reported_at: datetime | None = None
    source_no: str | None = None
    address: str | None = None
    lon: float | None = None
    lat: float | None = None
    cell: str | None = None
    severity: int | None = None
    reporter: str | None = None
    phone: str | None = None
    narrative: str | None = None
    anonymous: bool = False
    matter: str | None = None
    found_first: bool = False
    danger: bool = False


def register(
    conn: Connection, keys: Keys, who: Who, report: Report, *, at: datetime | None = None, note: str | None = None
) -> Case:
    """Write a report and open its case, or join the one it names; the same number and content again changes nothing.

    at: when it was registered (aware; default now). Raises Denied, InputError for what is missing or cannot be used,
    Refused when the number is there with other content or an alert names persons.
    """
    demand(who, MOVES["register"])
    now = at or datetime.now(UTC)
    digest = keys.digest(repr(sorted(asdict(report).items())))
    report = _checked(conn, report, now)
    with acting_everywhere(conn, who):
        number, is_new = _write(conn, keys, who, report, digest)
        if is_new:
            _open(conn, keys, who, number, report, now, note)
        case = compose(conn, keys, who, number)
    if is_new:
        audit.note(conn, keys, who, "case register", number)
    return case


def _checked(conn: Connection, report: Report, now: datetime) -> Report:
    """The report with its instant filled, if it says enough (B4: identity and basic facts first)."""
    if conn.execute(select(Channel.code).where(Channel.code == report.channel)).first() is None:
        raise InputError(f"There is no channel {report.channel!r}: use one that is known.")
    if report.severity is not None and report.severity not in (1, 2, 3):
        raise InputError("Write the grade as 1, 2 or 3, or leave it to the catalogue.")
    for instant in (now, report.reported_at):
        if instant is not None and instant.utcoffset() is None:
            raise InputError("Give the time of the report its time zone.")
    if (report.lon is None) != (report.lat is None):
        raise InputError("Give both coordinates, longitude and latitude.")
    if report.lon is not None and report.lat is not None and not (abs(report.lon) <= 180 and abs(report.lat) <= 90):
        raise InputError("Give longitude and latitude in degrees of WGS-84.")
    if report.lon is None and not report.cell and not report.address:
        raise InputError("Say where it is: lon and lat, a cell or an address.")
    named = [name for name in PERSONAL if getattr(report, name)]
    if report.channel == SENSOR and named:
        raise Refused(f"A sensor alert is about a place and never about persons: leave out {', '.join(named)}.")
    quiet = report.channel in STAFF or report.found_first or report.anonymous or report.matter
    if not quiet and not report.reporter and not report.phone:
        raise InputError("Record who reports first: a name or a phone number, or say that they stay anonymous.")
    if not report.source_no and report.channel not in NUMBERED:
        raise InputError(f"Give the number that {report.channel} gave this report (source_no).")
    return Report(**(asdict(report) | {"reported_at": report.reported_at or now}))


def _write(conn: Connection, keys: Keys, who: Who, report: Report, digest: bytes) -> tuple[str, bool]:
    """The number of the report, and whether it is new."""
    conn.execute(
        text("SELECT pg_advisory_xact_lock(:lock, hashtext(:of))"), {"lock": NUMBER_LOCK, "of": report.channel}
    )
    source_no = report.source_no or _new_number(conn, report)
    number = f"{report.channel}:{source_no}"
    row = {
        name: getattr(report, name) for name in ("channel", "reported_at", "severity", "address", "matter", *PERSONAL)
    }
    row |= {"source_no": source_no, "category_id": _category(conn, report.category), "content_hash": digest}
    row |= {"cell_label": report.cell, "beat_label": None, "radius_m": None, **_placed(conn, report)}
    frame = pd.DataFrame([row], index=pd.Index([1], name="line"), dtype=object)
    run = _run(conn, who, report)
    known = _known(conn, report.channel, source_no)
    if known is not None:
        if known != digest:
            raise Refused(f"The number {number} is registered with other content: add a step that says what is new.")
        return number, False
    try:
        with conn.begin_nested():
            outcome = write_incidents(conn, frame.astype({"reported_at": "datetime64[us, UTC]"}), keys, run)
    except IntegrityError as error:
        raise Refused(f"Somebody else registered {number} a moment ago: look again.") from error
    if outcome.rejects:
        raise NotFound(f"Not registered: {outcome.rejects[1][0]}.")
    conn.execute(COUNT, {"run": run})
    return number, True


def _open(conn: Connection, keys: Keys, who: Who, number: str, report: Report, now: datetime, note: str | None) -> None:
    """The first step of a new case, or of a report that joined one: that it was registered, and what was said."""
    found = find(conn, number, hold=True)
    detail = {name: True for name in ("danger", "found_first", "anonymous") if getattr(report, name)}
    home = home_of(conn, who)
    level = units(conn)[home].level if home else None
    no = next_no(conn, found.id)
    told: dict[str, Any] = {"at": now, "level": level, "unit": home, "actor": who.name}
    steps = [Addition(Step(no=no, kind="register", detail=detail, **told), officer=who.officer, note=note)]
    if report.found_first and "found_first" not in found_tags(conn, found.id):
        steps.append(Addition(Step(no=no + 1, kind="tag", detail={"tag": "found_first"}, **told), officer=who.officer))
    incident = conn.execute(
        text("SELECT incident_id FROM source_key WHERE channel || ':' || source_no = :number AND channel = :channel"),
        {"number": number, "channel": report.channel},
    ).scalar_one()
    add(conn, keys, found.id, incident, steps)


def found_tags(conn: Connection, matter: int) -> list[str]:
    """Tags that a matter has."""
    return list(conn.execute(text("SELECT tags FROM matter WHERE id = :matter"), {"matter": matter}).scalar_one())


def _known(conn: Connection, channel: str, source_no: str) -> bytes | None:
    query = text("""
        SELECT i.content_hash FROM source_key k JOIN incident i ON i.id = k.incident_id
        WHERE k.channel = :channel AND k.source_no = :source_no""")
    found = conn.execute(query, {"channel": channel, "source_no": source_no}).scalar()
    return None if found is None else bytes(found)


def _new_number(conn: Connection, report: Report) -> str:
    """The day and a running number: 20260301-0001; the lock on the channel makes it unique."""
    assert report.reported_at is not None
    day = f"{report.reported_at.astimezone(ZoneInfo(city(conn).zone)):%Y%m%d}"
    last = conn.execute(LAST_NUMBER, {"channel": report.channel, "shape": rf"^{day}-[0-9]{{4,9}}$"}).scalar_one()
    return f"{day}-{last + 1:04d}"


def _category(conn: Connection, named: str) -> int:
    query = (
        select(Category.id).where((Category.code == named) | (Category.name == named)).order_by(Category.code != named)
    )
    found = conn.execute(query).scalars().first()
    if found is None:
        raise InputError(f"There is no category {named!r}: use one of the catalogue.")
    return int(found)


def _placed(conn: Connection, report: Report) -> Mapping[str, Any]:
    """lon, lat, cell_then, cell_now, placed_by, snapped_m of a report; no cell where none holds the point."""
    nowhere = {"lon": None, "lat": None, "cell_then": None, "cell_now": None, "placed_by": "none", "snapped_m": None}
    if report.cell and report.lon is None:
        row = conn.execute(BY_CODE, {"code": report.cell, "at": report.reported_at}).first()
        if row is None:
            raise InputError(f"There was no cell {report.cell!r} at that time: give the code of one.")
        return nowhere | {"cell_then": row.id, "cell_now": row.id if row.live else None, "placed_by": "click"}
    lon, lat, by = report.lon, report.lat, "point"
    if lon is None:
        known = conn.execute(ADDRESS, {"address": report.address}).first()
        if known is None:
            return nowhere
        lon, lat, by = known.lon, known.lat, "address"
    near = frame_of(conn, NEAR, lon=lon, lat=lat)
    near["geometry"] = shapely.from_wkb([bytes(wkb) for wkb in near["geometry"]])
    where = nowhere | {"lon": lon, "lat": lat}
    if near.empty:
        return where
    cells, x, y = DatedCells(near), np.array([lon], dtype=float), np.array([lat], dtype=float)
    then = int(cells.place(x, y, pd.Series([report.reported_at], dtype="datetime64[us, UTC]")).cell[0])
    now = int(cells.place_now(x, y)[0])
    if then == NOWHERE:
        return where
    return where | {
        "cell_then": then,
        "cell_now": None if now == NOWHERE else now,
        "placed_by": by,
        "snapped_m": np.nan,
    }


def _run(conn: Connection, who: Who, report: Report) -> int:
    """The run of the day that registered reports are counted in."""
    assert report.reported_at is not None
    day = {"day": f"casework {datetime.now(UTC):%Y-%m-%d}"}
    found = conn.execute(DAY_RUN, day).scalar()
    return int(found or conn.execute(NEW_RUN, day | {"actor": who.name}).scalar_one())
