"""The detail of a handling step on its way in: a JSON object whose keys name units, officers and answers."""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from loaders.field_types import plain
from loaders.field_words import TAGS

# Steps whose `to` is the unit that is asked, and steps whose `unit` is the one that answers.
OFFERS = frozenset({"dispatch", "transfer", "escalate", "divert", "refer"})
ANSWERS = frozenset({"attend", "divert_accept", "divert_bounce", "divert_done", "keep"})
WAYS = {"mediate": ("people", "administrative", "judicial"), "revisit": ("visit", "phone")}
PLACES = ("home", "community", "law")
ENDS = ("settled", "handed_over", "withdrawn", "dismissed", "duplicate")
YES_NO = ("agreement", "on_the_spot", "kept", "grievance", "new_dispute", "bad")


@dataclass(frozen=True)
class Known:
    """Codes that details may name."""

    units: Collection[str]
    officers: Collection[str]


def detail_of(row: Mapping[Any, Any], known: Known) -> tuple[str | None, list[str]]:
    """The detail of a step as JSON text (None: nothing), and what is wrong with it.

    row: kind, unit, to_unit, detail (JSON text of an object or None). to_unit becomes `to`; a step that answers names
    its own unit as `unit`; tags in Chinese become their codes.
    """
    detail: dict[str, Any] = json.loads(row["detail"]) if row["detail"] else {}
    told = []
    if row["to_unit"]:
        if detail.get("to", row["to_unit"]) != row["to_unit"]:
            told.append(f"to_unit {row['to_unit']!r} and to {detail['to']!r} in detail differ: keep one")
        if row["to_unit"] not in known.units:
            told.append(f"to_unit {_unit(row['to_unit'], known)}")
        detail["to"] = row["to_unit"]
    if row["kind"] in ANSWERS and row["unit"]:
        detail.setdefault("unit", row["unit"])
    if isinstance(detail.get("tag"), str):
        detail["tag"] = TAGS.get(plain(detail["tag"]), detail["tag"])
    given = {name: value for name, value in detail.items() if name != "to" or not row["to_unit"]}
    told += [f"{name} in detail {why}" for name, value in given.items() if (why := _wrong(row, name, value, known))]
    return (json.dumps(detail, ensure_ascii=False, sort_keys=True) if detail else None), told


def _wrong(row: Mapping[Any, Any], name: str, value: Any, known: Known) -> str | None:
    if name == "way":
        return _one_of(value, WAYS.get(row["kind"], ("people", "administrative", "judicial", "visit", "phone")))
    if name == "place" and row["kind"] == "mediate":
        return _one_of(value, PLACES)
    if name == "how" and row["kind"] == "close":
        return _one_of(value, ENDS)
    rule = RULES.get(name)
    return rule(value, known) if rule else None


def _one_of(value: Any, words: tuple[str, ...]) -> str | None:
    return None if value in words else f"{value!r} is none of {', '.join(words)}"


def _unit(value: Any, known: Known) -> str | None:
    fits = isinstance(value, str) and value in known.units
    return None if fits else f"{value!r} is not known: load units first or correct the code"


def _units(value: Any, known: Known) -> str | None:
    if not isinstance(value, list):
        return f"{value!r} is no list of unit codes"
    return next((why for each in value if (why := _unit(each, known))), None)


def _officers(value: Any, known: Known) -> str | None:
    if not isinstance(value, list):
        return f"{value!r} is no list of officer codes"
    lost = [each for each in value if not (isinstance(each, str) and each in known.officers)]
    return f"{lost[0]!r} is not known: load officers first or correct the code" if lost else None


def _flag(value: Any, _: Known) -> str | None:
    return None if isinstance(value, bool) else f"{value!r} is neither true nor false"


def _mark(value: Any, _: Known) -> str | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 5
    return None if fits else f"{value!r} is not from 1 to 5"


def _instant(value: Any, _: Known) -> str | None:
    try:
        aware = isinstance(value, str) and datetime.fromisoformat(value).utcoffset() is not None
    except ValueError:
        aware = False
    return None if aware else f"{value!r} is no time with a zone: write 2026-03-04T05:06:07+08:00"


def _tag(value: Any, _: Known) -> str | None:
    return _one_of(value, tuple(dict.fromkeys(TAGS.values())))


RULES: Mapping[str, Callable[[Any, Known], str | None]] = {
    "to": _unit, "unit": _unit, "court": _unit, "departments": _units, "mediators": _officers, "report_by": _instant,
    "satisfaction": _mark, "tag": _tag, **dict.fromkeys(YES_NO, _flag),
}  # fmt: skip
