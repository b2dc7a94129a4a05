"""Bulletins 通报: issue one (number it, freeze its figures), list them, read one as it was issued."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import Connection, insert, text

from db import audit
from db.bulk import frame_of
from db.city import city
from db.keys import Keys
from db.tables import Bulletin
from geo.errors import Denied, NotFound, Refused
from grids.rights import Who

LOCK = 7_340_461  # one issuer at a time, until its transaction ends: numbers have no gaps


@dataclass(frozen=True)
class Issued:
    """An issued bulletin; replaces: (year, no) of the one for the same period that it takes the place of."""

    place: str
    year: int
    no: int
    first: date
    last: date
    policy: str
    issued_at: datetime
    issued_by: str
    digest: str
    figures: str
    replaces: tuple[int, int] | None


def issue(
    conn: Connection,
    keys: Keys,
    who: Who,
    place: str,
    period: tuple[date, date],
    policy: str,
    figures: str,
    at: datetime | None = None,
) -> Issued:
    """Freeze `figures` (a canonical text) as the next bulletin of a place ("kind:code") in the city's year.

    period: first and last local day. Numbers of a place start at 1 each year and have no gaps, however many issue at
    once; the last one for the same period is named as replaced. Audited. Raises Denied for who may not supervise, or
    not there, NotFound for a place that holds nothing.
    """
    who.demand("supervise")
    conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    scope = conn.execute(SCOPE, {"place": place}).one()
    if not scope.holds:
        raise NotFound(f"There is no place {place}: give KIND:CODE of one that holds cells today.")
    if not scope.mine:
        raise Denied(f"{who.name} may not issue bulletins of {place}: it lies outside their own places.")
    at = at or datetime.now(UTC)
    year = at.astimezone(ZoneInfo(city(conn).zone)).year
    no = conn.execute(NEXT, {"place": place, "year": year}).scalar_one()
    known = {"place": place, "first": period[0], "last": period[1]}
    before = conn.execute(BEFORE, known).scalar()
    values = {"year": year, "no": no, "policy": policy, "issued_at": at, "issued_by": who.name, "replaces": before}
    sealed = {"digest": hashlib.sha256(figures.encode()).digest(), "figures": figures}
    conn.execute(insert(Bulletin).inline().values(**known, **values, **sealed))
    audit.note(
        conn, keys, who, "bulletin", f"{place} {year}-{no}", detail={"first": str(period[0]), "last": str(period[1])}
    )
    return bulletin(conn, place, year, no)


def bulletin(conn: Connection, place: str, year: int, no: int) -> Issued:
    """An issued bulletin. Raises NotFound for a number that is not there (or not for the reader), Refused when its
    figures are not those that were issued.
    """
    row = conn.execute(ONE, {"place": place, "year": year, "no": no}).mappings().first()
    if row is None:
        raise NotFound(f"There is no bulletin {year}-{no} of {place}: `manage.py report bulletins` lists them.")
    told = dict(row)
    replaced = (told.pop("old_year"), told.pop("old_no"))
    kept = bytes(told["digest"])
    if hashlib.sha256(told["figures"].encode()).digest() != kept:
        raise Refused(f"Bulletin {year}-{no} of {place} was altered since it was issued: restore it from a backup.")
    return Issued(**{**told, "digest": kept.hex()}, replaces=None if replaced[0] is None else replaced)


def bulletins(conn: Connection, place: str | None = None, limit: int = 100) -> pd.DataFrame:
    """The newest bulletins that the actor may read: place, year, no, first, last, policy, issued_at, issued_by,
    replaces and replaced_by ("year-no" or null), digest (12 letters).
    """
    return frame_of(conn, LISTED, place=place, limit=limit)


SCOPE = text("""
    SELECT cells_of(:place) <> '{}' AS holds, everywhere() OR cells_of(:place) <@ scope_cells() AS mine""")
NEXT = text("SELECT coalesce(max(no), 0) + 1 FROM bulletin WHERE place = :place AND year = :year")
BEFORE = text("""
    SELECT id FROM bulletin WHERE place = :place AND first = :first AND last = :last ORDER BY id DESC LIMIT 1""")
ONE = text("""
    SELECT b.place, b.year, b.no, b.first, b.last, b.policy, b.issued_at, b.issued_by, b.digest, b.figures,
           o.year AS old_year, o.no AS old_no
    FROM bulletin b LEFT JOIN bulletin o ON o.id = b.replaces
    WHERE b.place = :place AND b.year = :year AND b.no = :no""")
LISTED = text("""
    SELECT b.place, b.year, b.no, b.first, b.last, b.policy, b.issued_at, b.issued_by,
           o.year || '-' || o.no AS replaces,
           (SELECT n.year || '-' || n.no FROM bulletin n WHERE n.replaces = b.id
            ORDER BY n.id DESC LIMIT 1) AS replaced_by,
           left(encode(b.digest, 'hex'), 12) AS digest
    FROM bulletin b LEFT JOIN bulletin o ON o.id = b.replaces
    WHERE CAST(:place AS text) IS NULL OR b.place = :place ORDER BY b.issued_at DESC, b.id DESC LIMIT :limit""")
