"""Return files: what became of a channel's reports, for the system that sent them; never anything personal."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from dashboard.reading.records import plain
from db.audit import note
from db.city import city
from db.engine import begin
from db.record import Record
from db.returns import returns
from geo.errors import InputError
from grids.rights import Who
from loaders.files_out import ENDINGS, check_out, write_table

INSTANTS = ("reported_at", "closed_at", "last_step_at")
FORMS = (*ENDINGS, ".json")


def export_returns(record: Record, who: Who, channel: str, since: datetime | None, out: Path) -> int:
    """Write a channel's return file as .csv, .xlsx or .json by its ending, and note it in the audit; how many rows.

    since: a naive time is the city's. Times are written with the city's offset. Raises Denied without the right to
    export, NotFound for an unknown channel, InputError for another ending or a place that cannot be written.
    """
    who.demand("export")
    _check(out)
    with begin(record.engine, who) as conn:
        zone = ZoneInfo(city(conn).zone)
        since = since.replace(tzinfo=zone) if since is not None and since.tzinfo is None else since
        frame = _local(returns(conn, channel, since), zone)
        _write(frame, out)
        note(conn, record.keys, who, "export", f"returns of {channel}", detail={"rows": len(frame), "file": out.name})
    return len(frame)


def _check(out: Path) -> None:
    if out.suffix.lower() not in FORMS:
        raise InputError(f"--out {out}: a return file ends in {', '.join(FORMS)}: give it one of these.")
    check_out(out if out.suffix.lower() in ENDINGS else out.with_suffix(".csv"))


def _local(frame: pd.DataFrame, zone: ZoneInfo) -> pd.DataFrame:
    """Instants as ISO texts with the city's offset, whole numbers as such where some are missing."""
    texts: dict[str, Any] = {name: [_text(at, zone) for at in frame[name]] for name in INSTANTS}
    numbers: dict[str, Any] = {name: frame[name].astype("Int64") for name in ("severity", "satisfaction")}
    return frame.assign(**texts, **numbers)


def _text(at: datetime | None, zone: ZoneInfo) -> str | None:
    return None if at is None or pd.isna(at) else at.astimezone(zone).isoformat(timespec="seconds")


def _write(frame: pd.DataFrame, out: Path) -> None:
    if out.suffix.lower() != ".json":
        write_table(frame, out)
        return
    try:
        out.touch(mode=0o600)
        out.write_text(json.dumps(plain(frame), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{out} cannot be written ({error.strerror}): choose another file.") from None
