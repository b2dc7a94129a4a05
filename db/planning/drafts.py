"""Drafting: a plan begun, and every edit of it taken in order, however many planners are at work."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, func, insert, select, text

from db.bulk import frame_of
from db.planning.places import assignment_at, knows_beat
from db.tables import Plan, PlanEdit, PlanEvent
from geo.errors import Denied, InputError, NotFound, Refused
from grids.planning.drafts import Draft, Edit, EditKind, check_assign, redoable, replay, undoable
from grids.planning.life import PlanState
from grids.rights import Who

COLUMNS = (
    "id", "code", "name", "state", "place", "began_at", "allow_outside", "effective_at", "created_at", "created_by",
    "submitted_by", "approved_by", "rolls_back",
)  # fmt: skip

EDITS = ("no", "by", "at", "kind", "cells", "beat", "target", "reason")


@dataclass(frozen=True)
class PlanRow:
    """A plan as it is kept; see db.tables.Plan."""

    id: int
    code: str
    name: str
    state: PlanState
    place: str | None
    began_at: datetime
    allow_outside: bool
    effective_at: datetime | None
    created_at: datetime
    created_by: str
    submitted_by: str | None
    approved_by: str | None
    rolls_back: int | None


def begin_plan(
    conn: Connection, who: Who, name: str, at: datetime | None = None, place: str | None = None,
    allow_outside: bool = False, rolls_back: int | None = None,
) -> PlanRow:  # fmt: skip
    """A new draft from what is in force at `at` (default: now); its code counts the plans of the year.

    Raises Denied without the right to plan, NotFound for a place without cells, InputError for a name that is empty.
    """
    who.demand("plan")
    if not name.strip():
        raise InputError("Give the plan a name, so that others know what it is for.")
    if not conn.execute(text("SELECT covers(:place)"), {"place": place}).scalar():
        raise Denied(f"{who.name} may not plan for {place or 'the whole city'}: choose one of your own places.")
    began = at or datetime.now(UTC)
    base = assignment_at(conn, began, place)
    conn.execute(text("SELECT pg_advisory_xact_lock(hashtext('plan codes'))"))
    values: dict[str, Any] = {
        "name": name.strip(),
        "place": place,
        "began_at": began,
        "base": base,
        "allow_outside": allow_outside,
    }
    values |= {"code": _next_code(conn, began), "created_by": who.name, "rolls_back": rolls_back}
    conn.execute(insert(Plan).values(**values))
    plan = read_plan(conn, values["code"])
    record_event(conn, plan, who, "begin")
    return plan


def plans(conn: Connection, state: str | None = None) -> pd.DataFrame:
    """Plans that the actor may see, newest first: COLUMNS and how many edits each has."""
    edits = select(func.count()).select_from(PlanEdit).where(PlanEdit.plan_id == Plan.id).scalar_subquery()
    query = select(*(getattr(Plan, name) for name in COLUMNS), edits.label("edits")).order_by(Plan.id.desc())
    return frame_of(conn, query.where(Plan.state == state) if state else query)


def read_plan(conn: Connection, code: str, lock: bool = False) -> PlanRow:
    """One plan by code. Raises NotFound for a code that is not there or not the actor's to see."""
    query = select(*(getattr(Plan, name) for name in COLUMNS)).where(Plan.code == code)
    row = conn.execute(query.with_for_update() if lock else query).first()
    if row is None:
        raise NotFound(f"There is no plan {code!r} that you may see: `manage.py plan list` shows those there are.")
    return PlanRow(*row)


def living(conn: Connection, now: datetime) -> list[PlanRow]:
    """Plans that may still change something: under way, or published for a later day; newest first."""
    later = (Plan.state == "published") & (Plan.effective_at > now)
    under_way = Plan.state.in_(("draft", "submitted", "approved"))
    query = select(*(getattr(Plan, name) for name in COLUMNS)).where(under_way | later).order_by(Plan.id.desc())
    return [PlanRow(*row) for row in conn.execute(query)]


def draft_of(conn: Connection, plan: PlanRow) -> Draft:
    """What the edits of a plan come to, on what was in force when it began."""
    query = select(*PlanEdit.__table__.columns).where(PlanEdit.plan_id == plan.id).order_by(PlanEdit.no)
    rows = conn.execute(query).mappings()
    edits = [
        Edit(
            row["no"], row["by"], row["at"], row["kind"], tuple(row["cells"]), row["beat"], row["target"], row["reason"]
        )
        for row in rows
    ]
    return replay(conn.execute(select(Plan.base).where(Plan.id == plan.id)).scalar_one(), edits)


def move_cells(
    conn: Connection, who: Who, code: str, cells: Iterable[str], beat: str, reason: str | None = None
) -> Draft:
    """Cells go to a beat in a draft; those that are there already stay. Raises Refused when nothing would move."""
    plan, draft = _open(conn, who, code)
    moving = check_assign(draft, cells, beat, _known(conn, draft, [beat]))
    if not moving:
        raise Refused(f"All of these cells are in beat {beat} already.")
    return _lay(conn, who, plan, draft, "assign", cells=moving, beat=beat, reason=reason)


def lay_all(
    conn: Connection, who: Who, code: str, wanted: Mapping[str, str], reasons: Mapping[str, str] | str | None = None
) -> Draft:
    """Cells go each to its beat (codes), an edit for every beat that takes any; reasons: one for all, or by beat.

    Raises as `move_cells`, and Refused when all are there already.
    """
    plan, draft = _open(conn, who, code)
    groups: dict[str, list[str]] = {}
    for cell, beat in sorted(wanted.items()):
        groups.setdefault(beat, []).append(cell)
    beats = _known(conn, draft, groups)
    laid = draft
    for beat, cells in sorted(groups.items()):
        moving = check_assign(laid, cells, beat, beats)
        why = reasons.get(beat) if isinstance(reasons, Mapping) else reasons
        laid = _lay(conn, who, plan, laid, "assign", cells=moving, beat=beat, reason=why) if moving else laid
    if laid is draft:
        raise Refused("All of these cells are in these beats already.")
    return laid


def set_lock(
    conn: Connection, who: Who, code: str, locked: bool, cells: Iterable[str] = (), beat: str | None = None
) -> Draft:
    """Lock or unlock cells, or a beat."""
    plan, draft = _open(conn, who, code)
    listed = tuple(dict.fromkeys(cells))
    unknown = [cell for cell in listed if cell not in draft.base]
    if unknown or (not listed and beat is None):
        raise NotFound(f"There is no cell {unknown[0]!r} in this plan." if unknown else "Name cells or a beat to lock.")
    kind: EditKind = (
        ("lock_cells" if locked else "unlock_cells") if listed else ("lock_beat" if locked else "unlock_beat")
    )
    return _lay(conn, who, plan, draft, kind, cells=listed, beat=None if listed else beat)


def undo(conn: Connection, who: Who, code: str) -> Draft:
    """Take back one's own last standing edit."""
    plan, draft = _open(conn, who, code)
    return _lay(conn, who, plan, draft, "undo", target=undoable(draft, who.name))


def redo(conn: Connection, who: Who, code: str) -> Draft:
    """Lay again what one undid last."""
    plan, draft = _open(conn, who, code)
    return _lay(conn, who, plan, draft, "redo", target=redoable(draft, who.name))


def comment(conn: Connection, who: Who, code: str, note: str, cell: str | None = None) -> None:
    """Say something about a plan, or about one of its cells."""
    if not (who.may("plan") or who.may("approve_plan")):
        who.demand("plan")
    record_event(conn, read_plan(conn, code), who, "comment", note, cell)


def events(conn: Connection, plan: PlanRow) -> pd.DataFrame:
    """What was done to a plan and said of it, in order: at, by, what, cell, note."""
    columns = (PlanEvent.at, PlanEvent.by, PlanEvent.what, PlanEvent.cell, PlanEvent.note)
    return frame_of(conn, select(*columns).where(PlanEvent.plan_id == plan.id).order_by(PlanEvent.id))


def edits(conn: Connection, plan: PlanRow) -> pd.DataFrame:
    """Every edit of a plan in order: no, by, at, kind, cells, beat, target, reason, and whether it stands."""
    columns = [PlanEdit.__table__.c[name] for name in EDITS]
    frame = frame_of(conn, select(*columns).where(PlanEdit.plan_id == plan.id).order_by(PlanEdit.no))
    return frame.assign(standing=frame["no"].isin(draft_of(conn, plan).standing))


def revision(conn: Connection, code: str) -> tuple[int, str, int]:
    """Number of a plan's last edit, its state, number of its last event: what a page asks to see whether to read anew.

    Raises NotFound as `read_plan`.
    """
    plan = read_plan(conn, code)
    last = select(func.coalesce(func.max(PlanEdit.no), 0)).where(PlanEdit.plan_id == plan.id)
    event = select(func.coalesce(func.max(PlanEvent.id), 0)).where(PlanEvent.plan_id == plan.id)
    return conn.execute(last).scalar_one(), plan.state, conn.execute(event).scalar_one()


def record_event(
    conn: Connection, plan: PlanRow, who: Who, what: str, note: str | None = None, cell: str | None = None
) -> None:
    """Keep what was done to a plan as a whole."""
    conn.execute(insert(PlanEvent).values(plan_id=plan.id, by=who.name, what=what, note=note, cell=cell))


def _open(conn: Connection, who: Who, code: str) -> tuple[PlanRow, Draft]:
    """The plan, held until the transaction ends so that edits come one after another. Refused unless it is a draft."""
    who.demand("plan")
    plan = read_plan(conn, code, lock=True)
    if plan.state != "draft":
        raise Refused(f"Plan {code} is {plan.state} and not edited any more: take it back first or begin a new one.")
    return plan, draft_of(conn, plan)


def _known(conn: Connection, draft: Draft, beats: Iterable[str]) -> set[str]:
    """Those of the beats that a draft may use; one that holds a cell of it needs no question to the record."""
    held = set(draft.base.values())
    return {beat for beat in beats if beat in held or knows_beat(conn, beat, held, draft.base)}


def _lay(conn: Connection, who: Who, plan: PlanRow, draft: Draft, kind: EditKind, **told: Any) -> Draft:
    no = draft.edits[-1].no + 1 if draft.edits else 1
    edit = Edit(no, who.name, datetime.now(UTC), kind, **told)
    conn.execute(insert(PlanEdit).values(plan_id=plan.id, **(vars(edit) | {"cells": list(edit.cells)})))
    return replay(draft.base, [*draft.edits, edit])


def _next_code(conn: Connection, at: datetime) -> str:
    count = conn.execute(text("SELECT plans_of(:year)"), {"year": f"{at:%Y}"}).scalar_one()
    return f"P{at:%Y}-{count + 1:03d}"
