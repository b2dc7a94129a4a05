"""Items that programmes push: through the same checks and writers as files, a result for each, safe to send again."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import pandas as pd
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from db.engine import acting_everywhere, begin
from db.geography import extent
from db.keys import Keys
from db.loads import hold_load_lock, record_chunk
from db.outcome import Outcome
from db.pushes import finish_push, placing_stamp, todays_run
from db.record import Record
from geo.crs import parse_crs
from geo.errors import Denied, InputError
from grids.rights import Who
from loaders.checks import check
from loaders.incidents import IncidentWriter
from loaders.options import LoadOptions
from loaders.placing import Placer
from loaders.profiles import Profile, load_profile
from loaders.pushed import SOURCES, Items, columns_of, objections, raw_text, storable, text_rows
from loaders.references import unknown_references
from loaders.running import ROOM_DEG
from loaders.writing import Writer, writer_for

AT_ONCE = 1_000  # items of one push
READ_AGAIN_S = 600.0
Result = dict[str, Any]


@dataclass(frozen=True)
class Ground:
    """What placing stands on, read once and kept while `stamp` holds: cells, addresses, where the city lies."""

    stamp: tuple[int, ...]
    read_at: float
    placer: Placer
    extent: tuple[float, float, float, float] | None


@dataclass(frozen=True)
class Push:
    """One push: who sends what of which kind, its coordinates in `crs`."""

    record: Record
    who: Who
    items: Items
    kind: str
    crs: str


_grounds: WeakKeyDictionary[Engine, Ground] = WeakKeyDictionary()


def take(engine: Engine, keys: Keys, who: Who, items: Items, kind: str, crs: str | None = None) -> list[Result]:
    """Take in up to AT_ONCE items and say of each {index, status, number, reasons}.

    kind: incidents, steps or visits. status: inserted, updated, unchanged or rejected. crs: of lon and lat (default
    WGS-84). An item that was sent before is unchanged; a bad one is kept as a rejected row, its content sealed, and
    holds up no other. Raises Denied without the right to push, InputError for too many items or an unknown crs.
    """
    who.demand("push")
    if who.channel is None and not who.may("load"):
        raise Denied(f"{who.name} has no channel to push: ask for a token that names one.")
    if kind not in SOURCES:
        raise InputError(f"Push one of {', '.join(SOURCES)}, not {kind!r}.")
    if len(items) > AT_ONCE:
        raise InputError(f"At most {AT_ONCE:,} items fit into one push, not {len(items):,}: send the rest in the next.")
    push = Push(Record(engine, keys, who.name), who, items, kind, parse_crs(crs) if crs else "EPSG:4326")
    if not items:
        return []
    try:
        return _taken(push)
    except IntegrityError:  # somebody registered one of these numbers by hand just now: it is there on a second look
        return _taken(push)


def _taken(push: Push) -> list[Result]:
    frame = text_rows(push.items, push.kind, push.who.channel)
    against = objections(push.items, push.kind, push.who.channel)
    with begin(push.record.engine, push.who) as conn, acting_everywhere(conn, push.who):
        hold_load_lock(conn, push.kind)
        run = todays_run(conn, push.who.channel or push.who.name, push.kind, push.who.name)
        outcome = _written(conn, push, frame.drop(index=list(against)), run.id)
        outcome.rejects |= against
        record_chunk(conn, run.id, *_numbered(outcome, push.items, run.next_line), push.record.keys, boundary=False)
        finish_push(conn, run.id)
    return [_result(at, frame.iloc[at], outcome, push.kind) for at in range(len(frame))]


def _written(conn: Connection, push: Push, frame: pd.DataFrame, run_id: int) -> Outcome:
    """What checks and writer made of the rows, with the reasons against those that are refused."""
    ground, now = _ground(conn, push.record.engine), datetime.now(UTC)
    columns, profile = columns_of(push.kind), _profile()
    checked = check(frame, push.kind, columns, profile, push.crs, now, extent=ground.extent, repeats=False)
    writer = _writer(push.record, push.kind, ground)
    outcome = writer.write(conn, checked.rows, run_id) if len(checked.rows) else Outcome()
    further = unknown_references(conn, push.kind, checked.refused) if len(checked.refused) else {}
    for reject in checked.rejects:
        outcome.rejects[reject.line] = [*reject.reasons, *further.get(reject.line, [])]
    return outcome


def _ground(conn: Connection, engine: Engine) -> Ground:
    stamp, kept = placing_stamp(conn), _grounds.get(engine)
    if kept is None or kept.stamp != stamp or time.monotonic() - kept.read_at > READ_AGAIN_S:
        box = extent(conn)
        around = box and (box[0] - ROOM_DEG, box[1] - ROOM_DEG, box[2] + ROOM_DEG, box[3] + ROOM_DEG)
        kept = _grounds[engine] = Ground(stamp, time.monotonic(), Placer(snap_m=0.0), around)
    return kept


@cache
def _profile() -> Profile:
    return load_profile()


def _writer(record: Record, kind: str, ground: Ground) -> Writer:
    if kind == "incidents":
        return IncidentWriter(record, LoadOptions(), ground.placer)
    return writer_for(kind, record, LoadOptions())


def _numbered(outcome: Outcome, items: Items, first: int) -> tuple[Outcome, dict[int, Mapping[str, Any]]]:
    """The outcome and the raw content of its rejects under lines that the day's run has not used yet."""
    lines = {at: first + place for place, at in enumerate(sorted(outcome.rejects))}
    kept = Outcome(
        dict(outcome.labels), {lines[at]: reasons for at, reasons in outcome.rejects.items()}, outcome.unplaced
    )
    return kept, {lines[at]: raw_text(items[at]) for at in lines}


def _result(at: int, row: "pd.Series[Any]", outcome: Outcome, kind: str) -> Result:
    named = [row[SOURCES[kind]], row["source_no"]]
    number = storable(":".join(named)) if all(named) else None
    if at in outcome.rejects:
        return {"index": at, "status": "rejected", "number": number, "reasons": outcome.rejects[at]}
    return {"index": at, "status": outcome.labels[at], "number": number, "reasons": []}
