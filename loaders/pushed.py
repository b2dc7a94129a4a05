"""Pushed items as the text rows that checks read, and what can be said against an item before it is a row."""

import difflib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from loaders.field_types import plain
from loaders.fields import fields_of
from loaders.mapping import Mapping as Columns

Items = Sequence[Mapping[str, Any]]
# The field that says which source an item is from: a feed may only speak for its own channel.
SOURCES = {"incidents": "channel", "steps": "channel", "visits": "source"}


def text_rows(items: Items, kind: str, channel: str | None) -> pd.DataFrame:
    """One row an item, index "line" = its place in the push (from 0): every field of the kind as text or None.

    channel: filled in where an item names none.
    """
    names = [each.name for each in fields_of(kind)]
    rows = [{name: as_text(item.get(name)) for name in names} for item in items]
    source = SOURCES[kind]
    for row in rows:
        row[source] = row[source] or channel
    frame = pd.DataFrame(rows, columns=names, dtype=object)
    return frame.set_axis(pd.RangeIndex(len(rows), name="line"))


def columns_of(kind: str) -> Columns:
    """Every field under its own name."""
    return Columns({each.name: each.name for each in fields_of(kind)})


def as_text(value: object) -> str | None:
    """A JSON value as a file would hold it; None for nothing."""
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case str():
            return value.strip() or None
        case list() if all(isinstance(each, str) for each in value):
            return ";".join(value) or None
        case list() | dict():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return repr(value)


def written(value: object) -> str:
    """Any value as JSON text that can be stored."""
    return storable(json.dumps(value, ensure_ascii=False, default=str))


def storable(text: str) -> str:
    """The text with halves of characters, which no encoding holds, spelt out."""
    return text.encode("utf-8", "backslashreplace").decode()


def raw_text(item: Mapping[str, Any]) -> dict[str, str | None]:
    """An item as it is kept when it is rejected: text by field."""
    return {storable(name): _kept(value) for name, value in item.items()}


def objections(items: Items, kind: str, channel: str | None) -> dict[int, list[str]]:
    """Place in the push → why an item is refused before its fields are read.

    channel: the only one that may be pushed; None: any.
    """
    names = [each.name for each in fields_of(kind)]
    found = {at: _against(item, names, kind, channel) for at, item in enumerate(items)}
    return {at: reasons for at, reasons in found.items() if reasons}


def _against(item: Mapping[str, Any], names: Sequence[str], kind: str, channel: str | None) -> list[str]:
    reasons = [_unknown(name, names) for name in item if name not in names]
    reasons += [f"{name} is not text that can be stored" for name in names if not _storable(item.get(name))]
    return reasons + ([] if channel is None else _foreign(item, kind, channel))


def _foreign(item: Mapping[str, Any], kind: str, channel: str) -> list[str]:
    """What belongs to another channel than the feed's own."""
    named = as_text(item.get(SOURCES[kind])) or channel
    words = next(each.words for each in fields_of(kind) if each.name == SOURCES[kind])
    own = words.get(plain(named), named) == channel
    reasons = [] if own else [f"{SOURCES[kind]} {named!r} is not yours: this feed pushes {channel!r} only"]
    matter = as_text(item.get("matter"))
    if matter and matter.partition(":")[0] != channel:
        reasons.append(f"matter {matter!r} is of another channel: a feed joins its own reports only")
    return reasons


def _unknown(name: str, names: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"the fields are {', '.join(names)}"
    return f"there is no field {written(name)}: {hint}"


def _storable(value: object) -> bool:
    text = as_text(value) or ""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return isinstance(value, str) or "\\u0000" not in text


def _kept(value: object) -> str | None:
    if isinstance(value, str):
        return storable(value)
    return None if value is None else written(value)
