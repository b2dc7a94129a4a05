"""What is handed over when a plan takes effect: lists for the beats that give and take, and a notice to each."""

from datetime import UTC, datetime

import pandas as pd
from sqlalchemy import Connection, insert

from db.bulk import frame_of
from db.planning.drafts import PlanRow, draft_of
from db.planning.ground import PlanGround
from db.planning.land import counts_of
from db.planning.open_then import open_then
from db.planning.places import beats_for, cells_at
from db.tables import Notice
from grids.planning.drafts import Draft
from grids.planning.handover import handover, matters_by_hand, per_beat, sides

NOTICES = ["beat", "name", "lead", "gives", "takes", "since", "told_at"]
PEOPLE = """
    SELECT b.code AS beat, NULL AS cell, p.role, o.code AS officer FROM posting p
    JOIN beat b ON b.id = p.beat_id JOIN officer o ON o.id = p.officer_id
    WHERE b.code = ANY (:beats) AND p.valid @> CAST(:at AS timestamptz)
    ORDER BY b.code, p.role <> 'beat_lead', p.role, o.code"""
SERVING = """
    SELECT c.code AS cell, p.role, o.code AS officer FROM posting p
    JOIN cell c ON c.id = p.cell_id JOIN officer o ON o.id = p.officer_id
    WHERE c.code = ANY (:cells) AND p.valid @> CAST(:at AS timestamptz) ORDER BY c.code, p.role, o.code"""
TOLD = """
    SELECT b.code AS beat, b.name, n.detail, n.since, e.at AS told_at FROM notice n JOIN beat b ON b.id = n.beat_id
    JOIN plan_event e ON e.plan_id = n.plan_id AND e.what = 'publish'
    WHERE n.plan_id = :plan ORDER BY b.code"""


def handover_of(conn: Connection, plan: PlanRow, now: datetime | None = None) -> dict[str, pd.DataFrame]:
    """The handover lists of a plan, as of now, and once it holds as of the instant from which it does.

    cells; beats (what each gives and takes); matters (db.planning.open_then.COLUMNS, gives, takes);
    contacts (side, beat, cell, role, officer as a code): everybody posted to a beat that gives or takes, and with side
    "goes" whoever is posted to a cell and goes along with it.
    """
    moment = now or datetime.now(UTC)
    at, since = min(moment, plan.effective_at or moment), plan.effective_at or moment
    moves = draft_of(conn, plan).moves
    ground = cells_at(conn, plan.began_at, plan.place)
    beats = beats_for(conn, since, ground)
    moved = ground[ground["code"].isin(list(moves))]
    matters = open_then(conn, list(moves), at)
    counts = pd.DataFrame(counts_of(conn, moved, moment), index=moved["code"]).assign(name=moved["name"].to_numpy())
    counts["open_matters"] = _by_cell(matters[matters["open"].astype(bool)], counts.index)
    counts["revisits_due"] = _by_cell(matters[matters["revisit_due_at"].notna()], counts.index)
    cells = handover(moves, counts, dict(zip(beats["code"], beats["lead"], strict=True)))
    return {
        "cells": cells,
        "beats": per_beat(cells),
        "matters": matters_by_hand(matters, moves),
        "contacts": _contacts(conn, moves, since),
    }


def notify(conn: Connection, plan: PlanRow, ground: PlanGround, draft: Draft, since: datetime) -> None:
    """Leave a notice to every beat that gives or takes cells: and which cells."""
    beats = dict(zip(ground.beats["code"], ground.beats["id"], strict=True))
    rows = [
        {"plan_id": plan.id, "beat_id": int(beats[beat]), "since": since, "kind": "handover", "detail": told}
        for beat, told in sides(draft.moves).items()
    ]
    conn.execute(insert(Notice), rows)


def notices_of(conn: Connection, plan: PlanRow) -> pd.DataFrame:
    """NOTICES, one row a beat that is told of a plan: who leads it, which cells (lists of codes) it gives and takes.

    since: the day from which it holds; told_at: when it was published; both NaT while nobody has been told yet.
    """
    told = frame_of(conn, TOLD, plan=plan.id)
    given = dict(zip(told["beat"], told["detail"], strict=True)) or sides(draft_of(conn, plan).moves)
    known = beats_for(conn, plan.effective_at or datetime.now(UTC), cells_at(conn, plan.began_at, plan.place))
    named = known.set_index("code").reindex(list(given))
    frame = pd.DataFrame([{"beat": beat, **cells} for beat, cells in given.items()], columns=["beat", "gives", "takes"])
    frame = frame.assign(name=named["name"].to_numpy(), lead=named["lead"].to_numpy())
    days = told.set_index("beat")[["since", "told_at"]].reindex(frame["beat"])
    return frame.assign(since=days["since"].to_numpy(), told_at=days["told_at"].to_numpy())[NOTICES]


def _by_cell(matters: pd.DataFrame, cells: pd.Index) -> pd.Series:
    return matters.groupby("cell").size().reindex(cells, fill_value=0)


def _contacts(conn: Connection, moves: dict[str, tuple[str, str]], at: datetime) -> pd.DataFrame:
    frames = [
        frame_of(conn, PEOPLE, beats=sorted({pair[number] for pair in moves.values()}), at=at).assign(side=side)
        for number, side in enumerate(("gives", "takes"))
    ]
    serving = frame_of(conn, SERVING, cells=sorted(moves), at=at)
    goes = serving.assign(side="goes", beat=[moves[cell][1] for cell in serving["cell"]])
    return pd.concat([*frames, goes], ignore_index=True)[["side", "beat", "cell", "role", "officer"]]
