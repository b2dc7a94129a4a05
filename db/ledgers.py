"""Ledgers of diversions and whistles, tags, and the units that have a part in a matter: replayed and staged."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Connection, text

from db.bulk import stage
from grids.diversions import LEDGER_KINDS, ledger, tags, whistles
from grids.steps import Step

DIVERSIONS = {
    "matter_id": "bigint", "sent_at": "timestamptz", "no": "integer", "from_unit": "text", "to_unit": "text",
    "accepted_at": "timestamptz", "bounced_at": "timestamptz", "done_at": "timestamptz", "kept": "boolean",
}  # fmt: skip
WHISTLES = {
    "matter_id": "bigint", "at": "timestamptz", "no": "integer", "unit": "text", "report_by": "timestamptz",
    "attended_at": "timestamptz",
}  # fmt: skip
PARTS = {"matter_id": "bigint", "unit": "text", "part": "text"}
TAGS = {"matter_id": "bigint", "tag": "text"}
HISTORIES = """
    SELECT s.matter_id, s.at, s.no, s.kind, s.level, s.severity, u.code AS unit, s.actor, s.detail
    FROM step s LEFT JOIN unit u ON u.id = s.unit_id WHERE s.matter_id = ANY(:matters)"""


def stage_ledgers(conn: Connection, steps: pd.DataFrame, parts: pd.DataFrame) -> None:
    """Stage diverting, whistling, tagging and taking_part for the matters of `steps` (matter, kind).

    parts: matter, unit, part, as `summarise` gives them; those of the ledgers are added. Matters without a step of
    LEDGER_KINDS, which is nearly all of a bulk load, cost nothing.
    """
    chosen = steps.loc[steps["kind"].isin(list(LEDGER_KINDS)), "matter"].unique()
    told = histories(conn, [int(matter) for matter in chosen])
    sent = _rows(told, ledger)
    called = _rows(told, whistles)
    tagged = [{"matter_id": matter, "tag": tag} for matter, history in told.items() for tag in tags(history)]
    found = [{"matter_id": row["matter_id"], "unit": row["to_unit"], "part": "diverted"} for row in sent]
    found += [{"matter_id": row["matter_id"], "unit": row["unit"], "part": "whistled"} for row in called]
    all_parts = pd.concat([parts.rename(columns={"matter": "matter_id"}), _frame(found, PARTS)], ignore_index=True)
    # Steps of two reports of one matter may share instant and number; the ledger keeps one line for them.
    stage(conn, "diverting", DIVERSIONS, _once(sent, DIVERSIONS, ["matter_id", "sent_at", "no"]))
    stage(conn, "whistling", WHISTLES, _once(called, WHISTLES, ["matter_id", "at", "no", "unit"]))
    stage(conn, "tagging", TAGS, _frame(tagged, TAGS))
    stage(conn, "taking_part", PARTS, all_parts.dropna(subset="unit").drop_duplicates())


def histories(conn: Connection, matters: Sequence[int]) -> dict[int, list[Step]]:
    """Matter id → its steps in order, of matters that have any."""
    found: dict[int, list[Step]] = {}
    for row in conn.execute(text(HISTORIES), {"matters": list(matters)}).mappings() if matters else ():
        found.setdefault(row["matter_id"], []).append(as_step(row))
    return {matter: sorted(history, key=lambda step: step.order) for matter, history in found.items()}


def as_step(row: Mapping[Any, Any]) -> Step:
    """The step of a row: at, no, kind, level, severity, unit (code), actor, detail."""
    told = {name: row[name] for name in ("at", "no", "kind", "level", "severity", "unit", "actor")}
    return Step(**told, detail=row["detail"] if isinstance(row["detail"], dict) else {})


def _rows(told: dict[int, list[Step]], replayed: Callable[[Iterable[Step]], Iterable[Any]]) -> list[dict[str, Any]]:
    return [{"matter_id": matter, **vars(line)} for matter, history in told.items() for line in replayed(history)]


def _once(rows: list[dict[str, Any]], columns: dict[str, str], key: list[str]) -> pd.DataFrame:
    return _frame(rows, columns).drop_duplicates(key, keep="last")


def _frame(rows: list[dict[str, Any]], columns: dict[str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(columns), dtype=object)
    instants = [name for name, kind in columns.items() if kind == "timestamptz"]
    return frame.assign(**{name: pd.to_datetime(frame[name], utc=True) for name in instants})
