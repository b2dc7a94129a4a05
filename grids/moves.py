"""Making a move: what somebody may do next, and the step that a move adds unless a rule forbids it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from geo.errors import InputError, Refused
from grids.diversions import first_receiver
from grids.grading import checked_severity
from grids.levels import Level
from grids.move_fields import COMMON, read_fields
from grids.move_table import MOVES, Move
from grids.rights import Who
from grids.rules import RULES
from grids.situations import Situation, UnitFact
from grids.steps import STEP_KINDS, Step

__all__ = [
    "MOVES", "RULES", "Move", "Situation", "UnitFact", "allowed", "demand", "is_bad_revisit", "make",
]  # fmt: skip

# Moves whose step offers the lead to somebody: its level is the level offered.
_OFFERING = ("dispatch", "transfer", "escalate", "divert")
_ANSWERING = ("attend", "divert_accept", "divert_bounce", "divert_done", "keep")


def demand(who: Who, move: Move) -> None:
    """Raise Denied unless `who` holds one of the move's rights."""
    if not any(who.may(right) for right in move.rights):
        who.demand(move.rights[0])


def allowed(situation: Situation) -> list[str]:
    """Codes of the moves that `who` may make next, as far as that does not hang on what they will say."""
    found = []
    for move in MOVES.values():
        if move.code == "register":
            continue
        seated = _seated(move, replace(situation, said={}))
        kept = all(RULES[name].keeps(seated) for name in move.rules if not RULES[name].by_fields)
        if kept and any(situation.who.may(right) for right in move.rights):
            found.append(move.code)
    return found


def make(code: str, situation: Situation, told: Mapping[str, Any], no: int) -> Step:
    """The step, numbered `no`, of a move that says `told`.

    Raises Denied without the right, InputError for what cannot be read or names no known unit, Refused with the rule
    that forbids the move.
    """
    move = MOVES[code]
    demand(situation.who, move)
    said = read_fields(move.fields, told)
    _check_units(move, said, situation)
    seated = _seated(move, replace(situation, said=said))
    for name in move.rules:
        if not RULES[name].keeps(seated):
            raise Refused(f"{RULES[name].en.format_map(seated.words)} ({RULES[name].zh})")
    if STEP_KINDS[code].takes_lead and seated.level is None:
        raise InputError("Say at which level the lead is taken (level).")
    severity = said.get("severity") or (situation.state.grade_asked if code in ("grade", "grade_refuse") else None)
    if severity is not None:
        checked_severity(severity)
    return Step(situation.at, no, code, seated.level, severity, seated.unit, situation.who.name, _detail(move, seated))


def is_bad_revisit(step: Step) -> bool:
    """Whether a revisit found that the settling did not hold."""
    told = step.detail
    return told.get("kept") is False or told.get("grievance") is True or told.get("new_dispute") is True


def _detail(move: Move, seated: Situation) -> dict[str, Any]:
    columns = {field.name for field in (*move.fields, *COMMON) if field.column}
    told = {name: _plain(value) for name, value in seated.said.items() if name not in columns}
    if move.code in _ANSWERING and seated.unit is not None:
        told["unit"] = seated.unit
    if move.code == "close":
        told.setdefault("how", "settled")
    if move.code == "revisit" and seated.state.revisit_due_at is not None:
        told["late"] = seated.at > seated.state.revisit_due_at
    return told


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _check_units(move: Move, said: Mapping[str, Any], situation: Situation) -> None:
    kinds = {field.name: field.kind for field in move.fields} | {"unit": "unit"}
    named = [said[name] for name, kind in kinds.items() if kind == "unit" and name in said]
    named += [unit for name, kind in kinds.items() if kind == "units" for unit in said.get(name, ())]
    for unit in named:
        if unit not in situation.units:
            raise InputError(f"There is no unit {unit!r}: give the code of one that is loaded.")


def _seated(move: Move, s: Situation) -> Situation:
    """The situation with the unit and level for which the move is made."""
    unit = s.said.get("unit") or _seat(move, s) or s.home
    if unit is None and s.acts_for is not None and len(s.acts_for) == 1:
        unit = next(iter(s.acts_for))
    seated = replace(s, unit=unit)
    return replace(seated, level=s.said.get("level") or _level(move, seated))


def _seat(move: Move, s: Situation) -> str | None:
    state = s.state
    first = first_receiver(s.steps)
    candidates: Mapping[str, list[str | None]] = {
        "lead": [state.lead_unit, *(line.from_unit for line in state.diversions[-1:] if move.code == "close")],
        "offered": [state.offered_unit],
        "sent": [s.waiting.to_unit if s.waiting else None],
        "in_hand": [line.to_unit for line in reversed(state.diversions) if line.in_hand],
        "called": [call.unit for call in state.whistles if call.attended_at is None],
        "first": [first.unit if first else None, s.unaccepted.from_unit if s.unaccepted else None],
        "own": [],
    }
    return next((unit for unit in candidates[move.seat] if s.may_act_for(unit)), None)


def _level(move: Move, s: Situation) -> Level | None:
    """The level that a move means when it does not say: offered, truly held, or that of the unit."""
    if move.code in _OFFERING:
        return _offered_level(move, s)
    if move.code in ("take_lead", "divert_accept") and s.state.offered_level is not None:
        return s.state.offered_level
    if move.code == "keep":
        held = [step.level for step in s.steps if STEP_KINDS[step.kind].takes_lead and step.unit == s.unit]
        return held[0] if held else _own_level(s)
    if STEP_KINDS[move.code].takes_lead:
        return _own_level(s)
    state = s.state
    if move.seat == "lead" and state.lead_unit is None and state.lead_level and s.can_lead(s.unit, state.lead_level):
        return state.lead_level
    return state.lead_level if s.unit == state.lead_unit else _own_level(s)


def _offered_level(move: Move, s: Situation) -> Level | None:
    fact = s.units.get(s.said.get("to") or "")
    if fact is None:
        return None
    if move.code == "transfer" and s.state.lead_level is not None and s.can_lead(s.said["to"], s.state.lead_level):
        return s.state.lead_level
    return None if move.code == "dispatch" and fact.kind in ("station", "street_centre") else fact.level


def _own_level(s: Situation) -> Level | None:
    fact = s.units.get(s.unit or "")
    return fact.level if fact else None
