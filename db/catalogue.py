"""The catalogue of categories and the channels that reports come through."""

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from db.bulk import frame_of
from db.linking import link_reports
from db.matter_locks import hold_links
from db.matters import refresh_origins
from db.outcome import Outcome
from db.tables import Category, Channel, Incident, Matter
from db.tables.catalogue import NO_CATEGORY as NO_CATEGORY

Row = dict[str, Any]
FIELDS = (
    "name", "group", "police", "containable", "first_answer", "lead_department", "default_severity", "minutes",
    "deadline_hours", "deadline_clock",
)  # fmt: skip
DEFAULTS: Row = {
    "police": True,
    "containable": False,
    "default_severity": 1,
    "minutes": 30.0,
    "deadline_clock": "clock",
}


def write_catalogue(conn: Connection, rows: Sequence[Row]) -> Outcome:
    """Insert or update categories by code. Rows: line, code and the fields of the catalogue.

    Reports of a category whose group changes are linked anew, since a group is what two reports must share.
    """
    outcome = Outcome()
    hold_links(conn)
    met_first: list[str] = []
    regrouped: list[str] = []
    columns = [getattr(Category, name).label(name) for name in (*FIELDS, "code", "known")]
    known = {row["code"]: dict(row) for row in conn.execute(select(*columns)).mappings()}
    for row in rows:
        values = {name: _or_default(row, name) for name in FIELDS} | {"known": True}
        before = known.get(row["code"])
        if before is None:
            conn.execute(insert(Category).values(code=row["code"], **_columns(values)))
            outcome.labels[row["line"]] = "inserted"
        elif all(before[name] == value for name, value in values.items()):
            outcome.labels[row["line"]] = "unchanged"
        else:
            conn.execute(update(Category).where(Category.code == row["code"]).values(**_columns(values)))
            outcome.labels[row["line"]] = "updated"
            if before["group"] != values["group"]:
                regrouped.append(row["code"])
        if before is not None and not before["known"]:
            met_first.append(row["code"])
        known[row["code"]] = values
    # Matters that came before their catalogue had no grade or deadline to take; later changes regrade nothing.
    waiting = select(Matter.id).join(Category, Category.id == Matter.category_id).where(Category.code.in_(met_first))
    refresh_origins(conn, conn.execute(waiting).scalars() if met_first else ())
    if regrouped:
        reports = select(Incident.id).join(Category, Category.id == Incident.category_id)
        link_reports(conn, changed=conn.execute(reports.where(Category.code.in_(regrouped))).scalars().all())
    return outcome


def category_ids(conn: Connection, named: Iterable[str], outcome: Outcome) -> dict[str, int]:
    """Code or name → id, making categories (not containable until a catalogue says so) that are met first here."""
    found = conn.execute(select(Category.id, Category.code, Category.name)).all()
    ids = {row.name: row.id for row in found} | {row.code: row.id for row in found}
    new = sorted(set(named) - ids.keys())
    for code in new:
        values = {"code": code, "name": code, "group": NO_CATEGORY, "known": False}
        ids[code] = conn.execute(insert(Category).values(**_columns(values)).returning(Category.id)).scalar_one()
    if new:
        outcome.notes[
            "categories not in the catalogue were made; load a catalogue that says which are containable"
        ] += len(new)
    return ids


def ensure_channels(conn: Connection, codes: Iterable[str], outcome: Outcome) -> None:
    """Make channels that a file names for the first time."""
    known = set(conn.execute(select(Channel.code)).scalars())
    for code in sorted(set(codes) - known):
        row = {"code": code, "name_zh": code, "name_en": code}
        conn.execute(upsert(Channel).values(**row).on_conflict_do_nothing())
        outcome.notes[f"channel '{code}' was met for the first time and made"] += 1


def categories(conn: Connection) -> pd.DataFrame:
    """The catalogue: code, name, group, police, containable, first_answer, lead_department, default_severity, …"""
    columns = [getattr(Category, name).label(name) for name in ("id", "code", *FIELDS, "known")]
    return frame_of(conn, select(*columns).order_by(Category.code))


def channels(conn: Connection) -> pd.DataFrame:
    """The channels: code, name_zh, name_en."""
    return frame_of(conn, select(Channel.code, Channel.name_zh, Channel.name_en).order_by(Channel.code))


def _or_default(row: Row, name: str) -> Any:
    value = row.get(name)
    if value is None and name == "group":
        return NO_CATEGORY
    return DEFAULTS.get(name) if value is None else value


def _columns(values: Row) -> Row:
    return {("group_name" if name == "group" else name): value for name, value in values.items()}
