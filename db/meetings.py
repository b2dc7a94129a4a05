"""Joint meetings 警格+网格例会: the list that a beat's meeting works through, and what it decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import pandas as pd
from sqlalchemy import Connection, insert, text, update

from db.beats import beat_ids
from db.bulk import SQL_FOLDER, frame_of, stage
from db.keys import Keys
from db.matter_locks import hold_matters
from db.outcome import Label, Outcome
from db.tables import Meeting
from geo.errors import NotFound

Row = dict[str, Any]
NOTHING_DECIDED = "-"
NEXT_MEETING = timedelta(days=7)  # revisits that fall due before the next meeting are spoken about in this one
LAPSED = timedelta(days=30)  # … and those that lapsed since then; older ones would drown the list
VALUES = ("at", "beat_id", "place", "attendees")


class Told(NamedTuple):
    """A report that somebody named, and the matter that it is of now: their ids."""

    incident: int
    matter: int


@dataclass(frozen=True)
class Agenda:
    """What a beat's meeting speaks about at an instant; a matter may stand in several lists.

    Each list: no ("channel:number"), category, severity, cell, cell_name, opened_at, due_at, lead_level, tags, address,
    reports (all, and `recent`: of the last 30 days), supervised_at, revisit_due_at, spoken_at (last meeting).
    open: not closed, the most urgent first. overdue: past their deadline. repeated: reported more than once, most often
    first. revisit: settled, with a revisit that falls due before the next meeting or lapsed in the last 30 days.
    """

    beat: str
    at: datetime
    open: pd.DataFrame
    overdue: pd.DataFrame
    repeated: pd.DataFrame
    revisit: pd.DataFrame

    def lists(self) -> dict[str, pd.DataFrame]:
        """The lists by name, in the order in which a meeting takes them."""
        return {name: getattr(self, name) for name in ("overdue", "repeated", "revisit", "open")}


def agenda(conn: Connection, beat: str, at: datetime) -> Agenda:
    """The agenda of a beat's meeting at an instant, from the matters of its cells. Raises NotFound."""
    if beat not in beat_ids(conn):
        raise NotFound(f"There is no beat {beat!r}: choose one from the list of beats.")
    asked = {"beat": beat, "at": at, "lapsed": at - LAPSED, "next": at + NEXT_MEETING}
    found = frame_of(conn, text((SQL_FOLDER / "agenda.sql").read_text()), **asked)
    waiting = found[found["closed_at"].isna()]
    due = pd.to_datetime(found["revisit_due_at"], utc=True)
    overdue = waiting[pd.to_datetime(waiting["due_at"], utc=True) < at]
    repeated = waiting[waiting["reports"] > 1].sort_values(["recent", "reports"], ascending=False, kind="stable")
    revisit = found[(due > at - LAPSED) & (due <= at + NEXT_MEETING)].sort_values("revisit_due_at", ascending=False)
    parts = (part.drop(columns="closed_at").reset_index(drop=True) for part in (waiting, overdue, repeated, revisit))
    return Agenda(beat, at, *parts)


def write_meetings(conn: Connection, rows: Sequence[Row], keys: Keys) -> Outcome:
    """Insert or update meetings by code.

    Rows: line, code, at, beat (code), place, attendees, matters ("channel:number;…"), decisions (as many, with ;
    between, - for none), note (sealed). Matters that the meeting named before and does not name now are taken off.
    """
    hold_matters(conn)
    outcome, beats = Outcome(), beat_ids(conn)
    told = {row["line"]: _spoken(row) for row in rows}
    ids = reports_told(conn, sorted({number for spoken in told.values() for number in spoken}))
    codes = [row["code"] for row in rows]
    known = {row["code"]: dict(row) for row in conn.execute(KNOWN, {"codes": codes}).mappings()}
    before = _spoken_before(conn, codes)
    changed: list[Row] = []
    for row in rows:
        if row["beat"] not in beats:
            outcome.reject(row["line"], f"beat {row['beat']!r} is not known: load beats first or correct the code")
        for number in [number for number in told[row["line"]] if number not in ids]:
            outcome.reject(row["line"], f"matter {number!r} is not known: load its incident first or take it off")
        if row["line"] in outcome.rejects:
            continue
        values = {name: row.get(name) for name in VALUES} | {"beat_id": beats[row["beat"]], "note": row.get("note")}
        spoken = {ids[number].incident: decision for number, decision in told[row["line"]].items()}
        same = before.get(row["code"], {}) == spoken
        meeting, label = _write(conn, row["code"], values, known.get(row["code"]), same, keys)
        outcome.labels[row["line"]] = label
        if not same:
            lines = [{"meeting_id": meeting, "incident_id": id_, "decision": said} for id_, said in spoken.items()]
            changed += lines or [{"meeting_id": meeting, "incident_id": None, "decision": None}]
            before[row["code"]] = spoken
        known.setdefault(row["code"], values | {"id": meeting, "note": None})
    _set_spoken(conn, changed)
    return outcome


def meetings(conn: Connection, beat: str | None = None, limit: int = 20) -> pd.DataFrame:
    """The newest meetings that the actor may see: code, at, beat, place, attendees, matters (how many)."""
    return frame_of(conn, LISTED, beat=beat, limit=limit)


def matter_ids(conn: Connection, numbers: Sequence[str]) -> dict[str, int]:
    """ "channel:number" of any report → id of its matter; unknown numbers are missing."""
    return {number: told.matter for number, told in reports_told(conn, numbers).items()}


def reports_told(conn: Connection, numbers: Sequence[str]) -> dict[str, Told]:
    """ "channel:number" of any report → its id and that of its matter; unknown numbers are missing."""
    found = conn.execute(MATTERS, {"numbers": list(numbers)})
    return {row.number: Told(row.incident_id, row.matter_id) for row in found}


def _spoken(row: Mapping[str, Any]) -> dict[str, str | None]:
    numbers, decisions = (_parts(row.get(name)) for name in ("matters", "decisions"))
    decisions = decisions or [NOTHING_DECIDED] * len(numbers)
    taken = (None if decision == NOTHING_DECIDED else decision for decision in decisions)
    return dict(zip(numbers, taken, strict=True))


def _parts(listed: str | None) -> list[str]:
    return [part.strip() for part in (listed or "").replace("；", ";").split(";") if part.strip()]


def _write(
    conn: Connection, code: str, values: Row, known: Row | None, same_matters: bool, keys: Keys
) -> tuple[int, Label]:
    """Id of the meeting, and what became of it."""
    note = values.pop("note")
    sealed = keys.seal({"note": note}) if note else None
    if known is None:
        made = insert(Meeting).values(code=code, note=sealed, **values).returning(Meeting.id)
        return int(conn.execute(made).scalar_one()), "inserted"
    before = keys.open(known["note"])["note"] if known["note"] else None
    if same_matters and before == note and all(known[name] == value for name, value in values.items()):
        return known["id"], "unchanged"
    conn.execute(update(Meeting).where(Meeting.id == known["id"]).values(note=sealed, **values))
    return known["id"], "updated"


def _spoken_before(conn: Connection, codes: Sequence[str]) -> dict[str, dict[int, str | None]]:
    spoken: dict[str, dict[int, str | None]] = {}
    for row in conn.execute(SPOKEN, {"codes": list(codes)}):
        spoken.setdefault(row.code, {})[row.incident_id] = row.decision
    return spoken


def _set_spoken(conn: Connection, lines: Sequence[Row]) -> None:
    """Put these lines in the place of what their meetings spoke about; a line without a report only takes away."""
    if lines:
        frame = pd.DataFrame(list(lines)).astype({"incident_id": "Int64"})
        stage(conn, "spoken", {"meeting_id": "bigint", "incident_id": "bigint", "decision": "text"}, frame)
        conn.execute(DROP)
        conn.execute(ADD)


MATTERS = text("""
    SELECT n AS number, i.id AS incident_id, i.matter_id FROM unnest(CAST(:numbers AS text[])) AS n
    JOIN source_key k ON k.channel = split_part(n, ':', 1) AND k.source_no = substr(n, strpos(n, ':') + 1)
    JOIN incident i ON i.id = k.incident_id""")
KNOWN = text("SELECT id, code, at, beat_id, place, attendees, note FROM meeting WHERE code = ANY(:codes)")
SPOKEN = text("""
    SELECT m.code, s.incident_id, s.decision FROM meeting m JOIN meeting_matter s ON s.meeting_id = m.id
    WHERE m.code = ANY(:codes)""")
DROP = text("DELETE FROM meeting_matter WHERE meeting_id IN (SELECT meeting_id FROM spoken)")
ADD = text("""
    INSERT INTO meeting_matter (meeting_id, matter_id, decision, incident_id)
    SELECT s.meeting_id, i.matter_id, s.decision, i.id FROM spoken s JOIN incident i ON i.id = s.incident_id""")
LISTED = text("""
    SELECT m.code, m.at, b.code AS beat, m.place, m.attendees,
           (SELECT count(DISTINCT mm.matter_id) FROM meeting_matter mm WHERE mm.meeting_id = m.id) AS matters
    FROM meeting m JOIN beat b ON b.id = m.beat_id
    WHERE CAST(:beat AS text) IS NULL OR b.code = :beat ORDER BY m.at DESC, m.code LIMIT :limit""")
