"""Units, officers and postings: written by code, dated, with personal fields encrypted."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from geoalchemy2.elements import WKTElement
from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from db.beats import beat_ids
from db.keys import Keys
from db.outcome import Label, Outcome
from db.tables import Area, Cell, Officer, Posting, Unit
from grids.levels import LEVELS

Row = dict[str, Any]
MINUTES_AN_HOUR = 60
FULL_WEEK_HOURS = 40.0
LABELS: tuple[Label, ...] = ("inserted", "updated", "unchanged")
UNIT_VALUES = ("name", "level", "kind", "area_id", "lead_for", "phone")


def write_units(conn: Connection, rows: Sequence[Row]) -> Outcome:
    """Insert or update units by code.

    Rows: line, code, name, level, kind, area (code of a live area: of the unit's own level, else of the nearest level
    that has it), lead_for, lon, lat, phone, valid_from (None: as it was; for a new one always).
    """
    outcome = Outcome()
    areas = _areas(conn)
    where = (func.ST_X(Unit.geom).label("lon"), func.ST_Y(Unit.geom).label("lat"))
    since = func.lower(Unit.valid).label("since")
    known = {row["code"]: dict(row) for row in conn.execute(select(Unit.__table__, *where, since)).mappings()}
    for row in rows:
        area_id = _area_of(row, areas)
        if row.get("area") and area_id is None:
            outcome.reject(row["line"], f"area {row['area']!r} is not known: load areas first or leave it empty")
            continue
        before = known.get(row["code"])
        values = {name: row.get(name) for name in UNIT_VALUES} | {"area_id": area_id}
        values |= {"lead_for": _split(row.get("lead_for")), "lon": row.get("lon"), "lat": row.get("lat")}
        values["since"] = row.get("valid_from") or (before and before["since"])
        outcome.labels[row["line"]] = _write_unit(conn, row["code"], values, before)
        known[row["code"]] = values
    return outcome


def unit_ids(conn: Connection) -> dict[str, tuple[int, str]]:
    """Code → (id, level) of every unit."""
    return {row.code: (row.id, row.level) for row in conn.execute(select(Unit.code, Unit.id, Unit.level))}


def officer_ids(conn: Connection) -> dict[str, int]:
    """Code → id of every officer."""
    return {row.code: row.id for row in conn.execute(select(Officer.code, Officer.id))}


def write_officers(conn: Connection, rows: Sequence[Row], keys: Keys) -> Outcome:
    """Insert or update officers by code. Rows: line, code, name, kind, unit, phone; name and phone are sealed."""
    outcome = Outcome()
    units = unit_ids(conn)
    known = {row.code: bytes(row.content_hash) for row in conn.execute(select(Officer.code, Officer.content_hash))}
    for row in rows:
        if row.get("unit") and row["unit"] not in units:
            outcome.reject(row["line"], f"unit {row['unit']!r} is not known: load units first or correct the code")
            continue
        digest = keys.digest("\x1f".join(str(row.get(name)) for name in ("name", "kind", "unit", "phone")))
        values = {
            "kind": row["kind"],
            "unit_id": units[row["unit"]][0] if row.get("unit") else None,
            "personal": keys.seal({"name": row["name"], "phone": row.get("phone")}),
            "phone_hash": keys.phone_hash(row.get("phone")),
            "content_hash": digest,
        }
        outcome.labels[row["line"]] = _write_officer(conn, row["code"], values, known.get(row["code"]))
        known[row["code"]] = digest
    return outcome


def write_postings(conn: Connection, rows: Sequence[Row]) -> Outcome:
    """Insert postings, or change hours and end of one that starts alike.

    Rows: line, officer, role, beat | cell | unit (code), weekly_hours, valid_from, valid_to. A posting that would give
    a beat a second lead, or overlap one of the same officer, role and place, is rejected.
    """
    outcome = Outcome()
    cells = _cell_lives(conn)
    places = {
        "beat": beat_ids(conn),
        "cell": {code: lives[-1][0] for code, lives in cells.items()},
        "unit": {code: unit[0] for code, unit in unit_ids(conn).items()},
    }
    officers = officer_ids(conn)
    for row in rows:
        values = _posting_values(row, officers, places, outcome)
        if values is not None:
            _write_posting(conn, row["line"], values, cells.get(row.get("cell") or "", []), outcome)
    return outcome


def _split(listed: str | None) -> list[str]:
    words = (listed or "").replace("；", ";").replace("、", ";").split(";")
    return [word.strip() for word in words if word.strip()]


def _areas(conn: Connection) -> dict[str, dict[str, int]]:
    """Code → level → id of the live areas: one code may stand at several levels."""
    areas: dict[str, dict[str, int]] = {}
    for row in conn.execute(select(Area.level, Area.code, Area.id).where(func.upper_inf(Area.valid))):
        areas.setdefault(row.code, {})[row.level] = row.id
    return areas


def _area_of(row: Row, areas: dict[str, dict[str, int]]) -> int | None:
    levels = areas.get(row.get("area") or "", {})
    own = LEVELS.index(row["level"])
    return next((levels[level] for level in sorted(levels, key=lambda level: abs(LEVELS.index(level) - own))), None)


def _write_unit(conn: Connection, code: str, values: Row, known: Row | None) -> Label:
    if known is not None and all(known[name] == value for name, value in values.items()):
        return "unchanged"
    stored = dict(values)
    lon, lat = stored.pop("lon"), stored.pop("lat")
    stored["geom"] = None if lon is None else WKTElement(f"POINT({lon} {lat})", srid=4326)
    stored["valid"] = func.tstzrange(stored.pop("since"), None if known is None else func.upper(Unit.valid))
    if known is None:
        conn.execute(insert(Unit).values(code=code, **stored))
        return "inserted"
    conn.execute(update(Unit).where(Unit.code == code).values(**stored))
    return "updated"


def _write_officer(conn: Connection, code: str, values: Row, known: bytes | None) -> Label:
    if known == values["content_hash"]:
        return "unchanged"
    if known is None:
        conn.execute(insert(Officer).values(code=code, **values))
        return "inserted"
    conn.execute(update(Officer).where(Officer.code == code).values(**values))
    return "updated"


def _posting_values(
    row: Row, officers: dict[str, int], places: dict[str, dict[str, int]], outcome: Outcome
) -> Row | None:
    line = row["line"]
    if row["officer"] not in officers:
        outcome.reject(line, f"officer {row['officer']!r} is not known: load officers first or correct the code")
    named = [(kind, row[kind]) for kind in places if row.get(kind)]
    if len(named) != 1:
        outcome.reject(line, "name exactly one of beat, cell and unit")
    for kind, code in named:
        if code not in places[kind]:
            outcome.reject(line, f"{kind} {code!r} is not known: load it first or correct the code")
    if line in outcome.rejects:
        return None
    hours = row.get("weekly_hours")
    return {
        "officer_id": officers[row["officer"]],
        "role": row["role"],
        **{f"{kind}_id": None for kind in places},
        f"{named[0][0]}_id": places[named[0][0]][named[0][1]],
        "weekly_minutes": round((FULL_WEEK_HOURS if hours is None else hours) * MINUTES_AN_HOUR),
        "since": row["valid_from"],
        "until": row.get("valid_to"),
    }


def _cell_lives(conn: Connection) -> dict[str, list[tuple[int, datetime | None]]]:
    """Code of each live cell → (id, end) of that cell and of those it was redrawn from, in order of time."""
    columns = (Cell.code, Cell.id, func.upper(Cell.valid).label("until"))
    lives: dict[str, list[tuple[int, datetime | None]]] = {}
    for row in conn.execute(select(*columns).order_by(Cell.code, func.upper(Cell.valid).nulls_last())):
        lives.setdefault(row.code, []).append((row.id, row.until))
    return {code: ids for code, ids in lives.items() if ids[-1][1] is None}


def _pieces(
    lives: Sequence[tuple[int, datetime | None]], since: datetime, until: datetime | None
) -> Iterator[tuple[Row, datetime, datetime | None]]:
    """A posting cut where its cell was redrawn: (cell, from, to) of each piece; a place that is no cell has one."""
    for cell_id, end in lives:
        if end is None or end > since:
            last = end is None or (until is not None and until <= end)
            yield {"cell_id": cell_id}, since, until if last else end
            if last or end is None:
                return
            since = end
    if not lives:
        yield {}, since, until


def _write_posting(
    conn: Connection, line: int, values: Row, lives: Sequence[tuple[int, datetime | None]], outcome: Outcome
) -> None:
    since, until = values.pop("since"), values.pop("until")
    if until is not None and until <= since:
        outcome.reject(line, "valid_to must be later than valid_from")
        return
    try:
        with conn.begin_nested():
            pieces = _pieces(lives, since, until)
            labels = {_place_posting(conn, values | place, start, end) for place, start, end in pieces}
            outcome.labels[line] = next(label for label in LABELS if label in labels)
    except IntegrityError as error:
        name = getattr(error.orig, "diag", None) and error.orig.diag.constraint_name  # type: ignore[union-attr]
        if name == "ex_posting_one_lead":
            outcome.reject(line, "that beat has another lead in this time: end that posting first")
        elif name == "ck_posting_weekly_minutes":
            outcome.reject(line, "weekly_hours must not be below 0")
        else:
            outcome.reject(line, "this officer holds the same role there in an overlapping time: correct the dates")


def _place_posting(conn: Connection, values: Row, since: datetime, until: datetime | None) -> Label:
    same = [getattr(Posting, name).is_not_distinct_from(values[name]) for name in values if name != "weekly_minutes"]
    columns = (Posting.id, Posting.weekly_minutes, func.upper(Posting.valid).label("until"))
    known = conn.execute(select(*columns).where(*same, func.lower(Posting.valid) == since)).first()
    if known is None:
        conn.execute(insert(Posting).values(**values, valid=func.tstzrange(since, until)))
        return "inserted"
    if (known.weekly_minutes, known.until) == (values["weekly_minutes"], until):
        return "unchanged"
    changed = {"weekly_minutes": values["weekly_minutes"], "valid": func.tstzrange(since, until)}
    conn.execute(update(Posting).where(Posting.id == known.id).values(**changed))
    return "updated"
