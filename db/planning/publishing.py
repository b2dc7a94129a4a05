"""From a draft to what is in force: submitted, approved by somebody else, published in one transaction, rolled back."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, text, update

from db import audit
from db.beats import hold
from db.city import city
from db.keys import Keys
from db.loads import mark_changed
from db.planning.drafts import PlanRow, begin_plan, draft_of, move_cells, read_plan, record_event
from db.planning.ground import PlanGround, ground_of
from db.planning.handing import notify
from db.planning.places import assignment_at
from db.tables import Plan
from geo.errors import Refused
from grids.planning.drafts import Draft
from grids.planning.findings import Finding
from grids.planning.life import STATE_NAMES, Collision, collisions, step, takes_effect
from grids.rights import Who

LATER = """
    SELECT c.code FROM cell c JOIN beat_cell bc ON bc.cell_id = c.id
    WHERE c.code = ANY (:cells) AND lower(bc.valid) > CAST(:at AS timestamptz) ORDER BY c.code LIMIT 1"""


def check(conn: Connection, plan: PlanRow, now: datetime | None = None) -> tuple[PlanGround, Draft, list[Finding]]:
    """The ground of a plan, its draft, and what is wrong with it."""
    draft = draft_of(conn, plan)
    ground = ground_of(conn, plan, now or datetime.now(UTC))
    return ground, draft, ground.findings(draft)


def advance(conn: Connection, keys: Keys, who: Who, code: str, what: str, note: str | None = None) -> PlanRow:
    """Submit, return, take back, approve or withdraw a plan.

    Raises Refused when its state forbids it, or when a plan to be submitted moves nothing or breaks a rule; Denied
    without the right, or when somebody would approve what they submitted.
    """
    plan = read_plan(conn, code, lock=True)
    state = step(what, plan.state, who, plan.submitted_by)
    if what == "submit":
        _fit(*check(conn, plan)[1:])
    values: dict[str, Any] = {"state": state}
    values |= {"submitted_by": who.name} if what == "submit" else {}
    values |= {"approved_by": who.name} if what == "approve" else {}
    conn.execute(update(Plan).where(Plan.id == plan.id).values(**values))
    record_event(conn, plan, who, what, note)
    audit.note(conn, keys, who, f"plan_{what}", code, reason=note)
    return read_plan(conn, code)


def publish(
    conn: Connection, keys: Keys, who: Who, code: str, effective_at: datetime, now: datetime | None = None
) -> PlanRow:
    """Let an approved plan hold from a local midnight on: validities, notices, events, all in this transaction.

    Raises Refused for a day that has begun, for cells that others moved meanwhile (`manage.py plan refresh`), for a
    later change that is already recorded, and for a rule that the plan would break on that day.
    """
    moment = now or datetime.now(UTC)
    conn.execute(text("SELECT pg_advisory_xact_lock(hashtext('publishing a plan'))"))
    plan = read_plan(conn, code, lock=True)
    state = step("publish", plan.state, who)
    since = takes_effect(effective_at, moment, city(conn).zone)
    ground, draft, wrong = check(conn, plan, moment)
    _fit(draft, wrong)
    there = assignment_at(conn, since, plan.place)
    _refuse_collisions(collisions(draft.base, there, draft.assignment))
    moves = {cell: pair for cell, pair in draft.moves.items() if there[cell] != pair[1]}
    later = conn.execute(text(LATER), {"cells": list(moves), "at": since}).scalar()
    if later:
        raise Refused(f"Cell {later} already changes its beat after {since:%Y-%m-%d}: publish for a later day.")
    _hold(conn, ground, moves, since, code)
    notify(conn, plan, ground, draft, since)
    conn.execute(update(Plan).where(Plan.id == plan.id).values(state=state, effective_at=since))
    if plan.rolls_back is not None:
        conn.execute(update(Plan).where(Plan.id == plan.rolls_back).values(state="superseded"))
    record_event(conn, plan, who, "publish", f"{since.isoformat()}")
    mark_changed(conn, boundary=True)
    audit.note(conn, keys, who, "plan_publish", code, detail={"since": since.isoformat(), "cells": len(moves)})
    return read_plan(conn, code)


def roll_back(conn: Connection, who: Who, code: str) -> PlanRow:
    """A new draft that puts back every cell which a published plan moved and which is still where it put it.

    It goes the way of every plan: submitted, approved, published. Raises Refused unless the plan is published and
    something is left to put back.
    """
    plan = read_plan(conn, code)
    if plan.state != "published" or plan.effective_at is None:
        raise Refused(f"Plan {code} is {STATE_NAMES[plan.state].en}: only a published plan is rolled back.")
    moves = draft_of(conn, plan).moves
    began = max(plan.effective_at, datetime.now(UTC))
    there = assignment_at(conn, began, plan.place)
    back: dict[str, list[str]] = {}
    for cell, (before, after) in moves.items():
        if there.get(cell) == after:
            back.setdefault(before, []).append(cell)
    if not back:
        raise Refused(f"Nothing of plan {code} is left to roll back: its cells have been moved on since.")
    new = begin_plan(conn, who, f"回退 {plan.name}", began, plan.place, plan.allow_outside, plan.id)
    for beat, cells in sorted(back.items()):
        move_cells(conn, who, new.code, cells, beat, f"回退 {code} (rolls it back)")
    return read_plan(conn, new.code)


def refresh(conn: Connection, who: Who, code: str, at: datetime | None = None) -> list[Collision]:
    """Begin a draft anew from what is in force now, keeping its edits; the collisions that there were."""
    who.demand("plan")
    plan = read_plan(conn, code, lock=True)
    if plan.state != "draft":
        raise Refused(f"Plan {code} is {STATE_NAMES[plan.state].en}: only a draft begins anew.")
    began, draft = at or datetime.now(UTC), draft_of(conn, plan)
    there = assignment_at(conn, began, plan.place)
    found = collisions(draft.base, there, draft.assignment)
    conn.execute(update(Plan).where(Plan.id == plan.id).values(began_at=began, base=there))
    record_event(conn, plan, who, "refresh", began.isoformat())
    return found


def _fit(draft: Draft, wrong: list[Finding]) -> None:
    if not draft.moves:
        raise Refused("This plan moves no cell: there is nothing to decide on.")
    errors = [each for each in wrong if each.weight == "error"]
    if errors:
        more = f" And {len(errors) - 1} more: `manage.py plan check` lists them." if len(errors) > 1 else ""
        raise Refused(f"{errors[0].en}{more} ({errors[0].zh})")


def _refuse_collisions(found: list[Collision]) -> None:
    if found:
        more = f" And {len(found) - 1} more cells." if len(found) > 1 else ""
        raise Refused(
            f"{found[0].sentence}{more} Return the plan, refresh it, and decide again"
            f" ({found[0].zh}；请退回方案，刷新后再审批)."
        )


def _hold(conn: Connection, ground: PlanGround, moves: dict[str, tuple[str, str]], since: datetime, code: str) -> None:
    cells = dict(zip(ground.cells["code"], ground.cells["id"], strict=True))
    beats = dict(zip(ground.beats["code"], ground.beats["id"], strict=True))
    for cell, (_, beat) in sorted(moves.items()):
        hold(conn, int(cells[cell]), int(beats[beat]), since, f"plan {code}")
