"""What the commands of people at work share: an open record, and instants in the city's zone."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from db.record import Record

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
At = Annotated[datetime | None, typer.Option(help="Instant, in the city's time zone; default: now.")]
Officer = Annotated[str, typer.Argument(help="Code of the officer.")]


@contextmanager
def opened() -> "Iterator[tuple[Record, Connection]]":
    """The record that the environment names, in one transaction of whoever runs the command."""
    from db.engine import begin
    from db.record import open_record
    from db.settings import Settings

    record = open_record(Settings.from_env())
    with begin(record.engine, record.actor) as conn:
        yield record, conn


def zone_of(conn: "Connection") -> Any:
    """The city's time zone."""
    from zoneinfo import ZoneInfo

    from db.city import city

    return ZoneInfo(city(conn).zone)


def instant(conn: "Connection", at: datetime | None) -> datetime:
    """An aware instant: a naive one is the city's, none is now."""
    if at is None:
        return datetime.now(UTC)
    return at if at.tzinfo else at.replace(tzinfo=zone_of(conn))


def read_time(text: Any) -> datetime | None:
    """A time in ISO 8601, None for nothing. Raises InputError."""
    from geo.errors import InputError

    try:
        return datetime.fromisoformat(text) if text else None
    except (TypeError, ValueError):
        raise InputError(f"{text!r} is no time: write 2026-03-04T05:06.") from None
