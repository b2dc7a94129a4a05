"""What is handed over when a plan takes effect: lists for the beats that give and take, and a notice to each."""

from datetime import UTC, datetime

import pandas as pd
from sqlalchemy import Connection, insert

from db.bulk import frame_of
from db.planning.drafts import PlanRow, draft_of
from db.planning.ground import PlanGround, ground_of
from db.planning.land import counts_of
from db.tables import Notice
from grids.planning.drafts import Draft
from grids.planning.handover import handover, matters_by_hand, per_beat

OPEN_MATTERS = """
    SELECT i.channel || ':' || i.source_no AS number, c.code AS cell, m.opened_at, m.due_at, m.revisit_due_at,
           k.name AS category, m.severity_now AS severity, m.lead_level
    FROM matter m JOIN cell c ON c.id = m.cell_id JOIN category k ON k.id = m.category_id
    JOIN incident i ON i.id = m.incident_id
    WHERE c.code = ANY (:cells) AND upper_inf(c.valid)
      AND (m.closed_at IS NULL OR m.revisit_due_at >= CAST(:at AS timestamptz))
    ORDER BY m.due_at NULLS LAST, number"""
CONTACTS = """
    SELECT b.code AS beat, p.role, o.code AS officer FROM posting p
    JOIN beat b ON b.id = p.beat_id JOIN officer o ON o.id = p.officer_id
    WHERE b.code = ANY (:beats) AND p.valid @> now() ORDER BY b.code, p.role <> 'beat_lead', p.role, o.code"""


def handover_of(conn: Connection, plan: PlanRow, now: datetime | None = None) -> dict[str, pd.DataFrame]:
    """The handover lists of a plan: cells; beats (what each gives and takes); matters (open, or with a revisit due);
    contacts (everybody posted to a beat that gives or takes: side, beat, role, officer as a code)."""
    moment = now or datetime.now(UTC)
    draft = draft_of(conn, plan)
    ground = ground_of(conn, plan, moment)
    counts = pd.DataFrame(counts_of(conn, ground.cells, moment), index=ground.cells["code"])
    leads = dict(zip(ground.beats["code"], ground.beats["lead"], strict=True))
    cells = handover(draft.moves, counts.assign(name=ground.cells["name"].to_numpy()), leads)
    matters = frame_of(conn, OPEN_MATTERS, cells=list(draft.moves), at=moment)
    return {
        "cells": cells,
        "beats": per_beat(cells),
        "matters": matters_by_hand(matters, draft.moves),
        "contacts": _contacts(conn, draft),
    }


def notify(conn: Connection, plan: PlanRow, ground: PlanGround, draft: Draft, since: datetime) -> None:
    """Leave a notice to every beat that gives or takes cells: and which cells."""
    beats = dict(zip(ground.beats["code"], ground.beats["id"], strict=True))
    given: dict[str, dict[str, list[str]]] = {}
    for cell, (before, after) in sorted(draft.moves.items()):
        given.setdefault(before, {"gives": [], "takes": []})["gives"].append(cell)
        given.setdefault(after, {"gives": [], "takes": []})["takes"].append(cell)
    rows = [
        {"plan_id": plan.id, "beat_id": int(beats[beat]), "since": since, "kind": "handover", "detail": told}
        for beat, told in given.items()
    ]
    conn.execute(insert(Notice), rows)


def _contacts(conn: Connection, draft: Draft) -> pd.DataFrame:
    sides = {
        "gives": {gives for gives, _ in draft.moves.values()},
        "takes": {takes for _, takes in draft.moves.values()},
    }
    frames = [frame_of(conn, CONTACTS, beats=sorted(beats)).assign(side=side) for side, beats in sides.items()]
    return pd.concat(frames, ignore_index=True)[["side", "beat", "role", "officer"]]
