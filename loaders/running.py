"""One load from file to record: open, map, check, write a chunk, record it, go on; safe to kill anywhere."""

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from db.engine import begin
from db.geography import extent
from db.loads import COUNTS, Run, begin_run, check_position, finish_run, hold_load_lock, record_chunk
from db.outcome import Outcome
from db.record import Record
from geo.errors import Refused, Unavailable
from loaders.checks import Checked, check, source_crs
from loaders.mapping import Mapping as Columns
from loaders.mapping import plan_mapping
from loaders.options import CHUNK_ROWS, LoadOptions, LoadReport
from loaders.profiles import Profile, load_profile, profile_path
from loaders.readers import open_source
from loaders.readers.source import Source, raw_record
from loaders.references import unknown_references
from loaders.writing import Writer, after_load, writer_for

WHOLE_FILE = 10_000_000
SHOWN_REJECTS = 20
ROOM_DEG = 1.0
Progress = Callable[[int, int | None], None]


def _silent(_done: int, _total: int | None) -> None:
    """No progress shown."""


@dataclass
class Load:
    """A load under way."""

    record: Record
    kind: str
    source: Source
    profile: Profile
    columns: Columns
    options: LoadOptions
    crs: str
    extent: tuple[float, float, float, float] | None
    writer: Writer
    report: LoadReport
    notes: Counter[str] = field(default_factory=Counter)


def load_file(record: Record, kind: str, path: Path, options: LoadOptions, progress: Progress = _silent) -> LoadReport:
    """Load one file of a kind and report what became of every row.

    An unfinished load of the same file with the same options goes on where it was. Raises InputError, before anything
    is written, when the file as a whole cannot be used; KeyboardInterrupt leaves a run that can be gone on with.
    """
    began = time.monotonic()
    profile = load_profile(options.profile)
    sheet, layer = options.sheet or profile.sheet, options.layer or profile.layer
    encoding = options.encoding or profile.encoding
    with open_source(path, sheet=sheet, layer=layer, encoding=encoding) as source:
        columns = plan_mapping(source.columns, kind, profile, dict(options.overrides), source.has_geometry)
        crs = source_crs(source, profile, options.crs)
        report = LoadReport(kind, path, unknown_columns=columns.unknown_columns, warnings=list(columns.warnings))
        writer = writer_for(kind, record, options)
        load = Load(record, kind, source, profile, columns, options, crs, _surroundings(record), writer, report)
        if options.dry_run:
            _try(load, progress)
        else:
            _run(load, progress)
    report.notes = [f"{count} {text}" if count > 1 else text for text, count in load.notes.items()]
    report.seconds = time.monotonic() - began
    return report


def _run(load: Load, progress: Progress) -> None:
    run = _begin(load)
    load.report.run = run.id
    load.report.resumed_at = run.counts["read"] if run.resumed else None
    try:
        _write_all(load, run, progress)
    except KeyboardInterrupt:
        _finish(load, run, "interrupted", "Interrupted: run the same command again to go on.")
        raise
    except Unavailable as error:
        _give_up(load, run, error)
        raise Unavailable(
            f"{str(error).rstrip('.')}. {load.report.counts.get('read', 0):,} rows are done: when the database is back,"
            " run the same command again to go on."
        ) from error
    except Exception as error:
        _give_up(load, run, error)
        raise
    _finish(load, run, "done", None)


def _give_up(load: Load, run: Run, error: Exception) -> None:
    """Note why a run failed, unless the database is gone or another process carries the run on."""
    with suppress(Unavailable, Refused):
        _finish(load, run, "failed", str(error)[:500], at=load.report.counts["read"])


def _begin(load: Load) -> Run:
    said = load.options.described()
    # The CRS that the file names itself is kept too: its rejected rows are written without it.
    kept = said if load.crs == "EPSG:4326" else {"crs": load.crs} | said
    with begin(load.record.engine, load.record.actor) as conn:
        hold_load_lock(conn, load.kind)
        return begin_run(
            conn,
            kind=load.kind,
            path=str(load.source.path),
            fingerprint=_fingerprint(load.source.path, said, profile_path(load.options.profile)),
            profile=load.options.profile,
            options=kept,
            actor=load.record.actor,
        )


def _write_all(load: Load, run: Run, progress: Progress) -> None:
    counts, done = dict(run.counts), 0
    load.report.counts = counts
    progress(counts["read"], load.source.total)
    for frame, checked in _checked(load):
        if counts["read"] >= done + len(frame):
            # Written before an interruption: only its numbers are remembered, to tell repeats later in the file.
            done += len(frame)
            load.writer.remember(checked.rows)
            continue
        done += len(frame)
        with _writing(load) as conn:
            check_position(conn, run.id, counts["read"])
            outcome = _write(load, conn, checked, run.id)
            raw = _raw(frame, outcome)
            record_chunk(conn, run.id, outcome, raw, load.record.keys, load.writer.moves_boundaries)
        _add(counts, outcome)
        _show_rejects(load, outcome)
        progress(counts["read"], load.source.total)
    with _writing(load) as conn:
        load.notes.update(after_load(conn, load.kind, load.options))


def _try(load: Load, progress: Progress) -> None:
    """The same in one transaction that is rolled back: nothing is kept, not even the run."""
    load.report.dry_run = True
    counts = dict.fromkeys(COUNTS, 0)
    with begin(load.record.engine, load.record.actor) as conn:
        hold_load_lock(conn, load.kind)
        trial = conn.begin_nested()
        run = begin_run(
            conn,
            kind=load.kind,
            path="dry run",
            fingerprint="dry run",
            profile="",
            options={},
            actor=load.record.actor,
        )
        for _, checked in _checked(load):
            outcome = _write(load, conn, checked, run.id)
            _add(counts, outcome)
            _show_rejects(load, outcome)
            progress(counts["read"], load.source.total)
        trial.rollback()
    load.report.counts = counts


def _checked(load: Load) -> Iterator[tuple[pd.DataFrame, Checked]]:
    """Chunks and what checking made of them; the next one is read and checked while the database works on this."""
    frames = load.source.chunks(load.options.chunk_rows or CHUNK_ROWS.get(load.kind, WHOLE_FILE))

    def following() -> tuple[pd.DataFrame, Checked] | None:
        frame = next(frames, None)
        return None if frame is None else (frame, _check(load, frame))

    with ThreadPoolExecutor(1, "read-ahead") as ahead:
        coming = ahead.submit(following)
        while (chunk := coming.result()) is not None:
            coming = ahead.submit(following)
            yield chunk


def _surroundings(record: Record) -> tuple[float, float, float, float] | None:
    """Where this city lies, with room around it, so that swapped coordinates are known; None before cells are there."""
    with begin(record.engine, record.actor) as conn:
        box = extent(conn)
    if box is None:
        return None
    return box[0] - ROOM_DEG, box[1] - ROOM_DEG, box[2] + ROOM_DEG, box[3] + ROOM_DEG


def _check(load: Load, frame: pd.DataFrame) -> Checked:
    # The first of a number may stand in an earlier chunk: writers of kinds that come in chunks judge repeats.
    whole = load.kind not in CHUNK_ROWS
    now = datetime.now(UTC)
    return check(frame, load.kind, load.columns, load.profile, load.crs, now, extent=load.extent, repeats=whole)


def _write(load: Load, conn: Connection, checked: Checked, run_id: int) -> Outcome:
    load.writer.examine(conn, checked)
    outcome = load.writer.write(conn, checked.rows, run_id)
    further = unknown_references(conn, load.kind, checked.refused) if len(checked.refused) else {}
    for reject in checked.rejects:
        outcome.rejects[reject.line] = [*reject.reasons, *further.get(reject.line, [])]
    load.notes.update(outcome.notes)
    load.notes.update(checked.notes)
    return outcome


def _raw(frame: pd.DataFrame, outcome: Outcome) -> dict[int, Mapping[str, Any]]:
    positions = dict(zip(frame.index.tolist(), range(len(frame)), strict=True))
    return {line: raw_record(frame, positions[line]) for line in outcome.rejects}


def _show_rejects(load: Load, outcome: Outcome) -> None:
    room = SHOWN_REJECTS - len(load.report.rejects)
    for line, reasons in sorted(outcome.rejects.items())[:room]:
        load.report.rejects.append(f"line {line}: {'; '.join(reasons)}")


def _add(counts: dict[str, int], outcome: Outcome) -> None:
    for label in ("inserted", "updated", "unchanged"):
        counts[label] += outcome.count(label)
    counts["rejected"] += len(outcome.rejects)
    counts["unplaced"] += outcome.unplaced
    counts["read"] += len(outcome.labels) + len(outcome.rejects)


@contextmanager
def _writing(load: Load) -> Iterator[Connection]:
    with begin(load.record.engine, load.record.actor) as conn:
        hold_load_lock(conn, load.kind)
        yield conn


def _finish(load: Load, run: Run, state: str, message: str | None, at: int | None = None) -> None:
    with begin(load.record.engine, load.record.actor) as conn:
        if at is not None:
            check_position(conn, run.id, at)
        finish_run(conn, run.id, state, message)


def _fingerprint(path: Path, said: Mapping[str, Any], profile: Path) -> str:
    digest = hashlib.sha256(repr(sorted(said.items())).encode())
    digest.update(profile.read_bytes())
    with path.open("rb") as file:
        while block := file.read(2**20):
            digest.update(block)
    return digest.hexdigest()
