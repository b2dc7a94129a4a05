"""The use-cases of a case that is there: each one move, one transaction, by who may, if no rule forbids it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Protocol

from sqlalchemy import Connection

from db import audit
from db.cases.adding import Addition, add, check_version, next_no
from db.cases.places import find, situation
from db.cases.reading import Case, compose
from db.engine import acting_everywhere
from db.keys import Keys
from geo.errors import InputError, Refused
from grids.moves import MOVES, Move, Situation, demand, is_bad_revisit, make
from grids.steps import Step


class UseCase(Protocol):
    """One move of a case: fields as grids.moves has them."""

    __name__: str

    def __call__(
        self,
        conn: Connection,
        keys: Keys,
        who: Any,
        number: str,
        *,
        version: int | None = None,
        at: datetime | None = None,
        key: str | None = None,
        **fields: Any,
    ) -> Case:
        """Add the step and give the whole case."""


@dataclass(frozen=True)
class Sending:
    """What a caller says beside the move: the version it has seen, when it was done, its own key for it."""

    version: int | None = None
    at: datetime | None = None
    key: str | None = None


def use_case(code: str) -> UseCase:
    """The function that makes one move."""
    move = MOVES[code]

    def act(
        conn: Connection,
        keys: Keys,
        who: Any,
        number: str,
        *,
        version: int | None = None,
        at: datetime | None = None,
        key: str | None = None,
        **fields: Any,
    ) -> Case:
        return _act(conn, keys, who, number, move, fields, Sending(version, at, key))

    act.__name__ = act.__qualname__ = code
    act.__doc__ = f"""{move.zh}: {move.en}. number: "channel:source_no" of a report of the case.

    version: number of steps that the caller has seen (None: whatever there is). at: when it happened (aware; default
    now). key: the caller's own mark of this step: sent again with the same key it is taken once.
    fields: {", ".join(field.name for field in move.fields) or "none"}, and unit, officer, minutes, result, note.
    Raises Denied, NotFound, InputError, and Refused with the rule that forbids it or the step that somebody else added.
    """
    return act


def _act(
    conn: Connection, keys: Keys, who: Any, number: str, move: Move, fields: Mapping[str, Any], sent: Sending
) -> Case:
    demand(who, move)
    if sent.at is not None and sent.at.utcoffset() is None:
        raise InputError("Give the time of the step its time zone.")
    found = find(conn, number, hold=True)
    if _is_there(found.steps, move, who.name, sent.key):
        return compose(conn, keys, who, number)
    check_version(conn, found.id, found.row["steps"], sent.version)
    seen = situation(conn, who, found, sent.at)
    step = make(move.code, seen, fields, next_no(conn, found.id))
    if sent.key is not None:
        step = replace(step, detail={**step.detail, "key": sent.key})
    first = Addition(step, **_columns(fields, seen))
    with acting_everywhere(conn, who):
        add(conn, keys, found.id, found.row["incident_id"], [first, *_following(step)])
        case = compose(conn, keys, who, number)
    audit.note(conn, keys, who, f"case {move.code}", case.number, detail={"step": step.no})
    return case


def _is_there(steps: Sequence[Step], move: Move, actor: str, key: str | None) -> bool:
    """Whether this very step was taken already: its key stands in it, and the case is held, so nobody adds it beside.

    Raises Refused when the key is that of another move: then the caller has mixed them up.
    """
    known = next((step for step in steps if key and step.detail.get("key") == key and step.actor == actor), None)
    if known is not None and known.kind != move.code:
        raise Refused(f"The key {key} was sent with another step ({known.kind}): make a new key for each step.")
    return known is not None


def _columns(fields: Mapping[str, Any], seen: Situation) -> dict[str, Any]:
    """What only the row of the step keeps; whoever acts is the officer unless another is named."""
    told = {name: fields[name] for name in ("minutes", "result", "note") if fields.get(name) is not None}
    if "minutes" in told:
        told["minutes"] = float(told["minutes"])
    return told | {"officer": fields.get("officer") or seen.who.officer}


def _following(step: Step) -> list[Addition]:
    """The step that a move brings with it: an untrue alert is closed, a bad revisit reopens."""
    told: dict[str, Any] = {
        "at": step.at,
        "no": step.no + 1,
        "unit": step.unit,
        "level": step.level,
        "actor": step.actor,
    }
    if step.kind == "dismiss":
        return [Addition(Step(kind="close", detail={"how": "dismissed"}, **told))]
    if step.kind == "revisit" and is_bad_revisit(step):
        return [Addition(Step(kind="reopen", detail={"reason": "bad revisit"}, **told))]
    return []


MOVING: Mapping[str, UseCase] = MappingProxyType({code: use_case(code) for code in MOVES if code != "register"})
