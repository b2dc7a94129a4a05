"""Opaque cursors: where a page ends, packed so that clients hand it back and never build one."""

import base64
import binascii
import json
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request

from geo.errors import InputError

FARTHEST = 2**63 - 1
FOREIGN = "This `after` is none that beatgrid gave: take it from the answer before, or leave it out."


def packed(*parts: int | str) -> str:
    """A cursor of numbers and texts."""
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def unpacked(cursor: str, *kinds: type[int] | type[str]) -> tuple[Any, ...]:
    """The parts of a cursor that `packed` made. Raises InputError for anything else."""
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
        fits = isinstance(parts, list) and [type(part) for part in parts] == list(kinds)
    except (ValueError, binascii.Error, RecursionError):
        fits = False
    if not fits or any(isinstance(part, int) and not 0 <= part <= FARTHEST for part in parts):
        raise InputError(FOREIGN)
    return tuple(parts)


def instant(text: str) -> datetime:
    """An aware instant out of a cursor."""
    try:
        found = datetime.fromisoformat(text)
        found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InputError(FOREIGN) from None
    if found.tzinfo is None:
        raise InputError(FOREIGN)
    return found


def following(request: Request, cursor: str | None) -> str | None:
    """The address of the next page: this one with another cursor."""
    return None if cursor is None else str(request.url.include_query_params(after=cursor))
