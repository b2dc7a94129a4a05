"""What there is to do in a beat today, the most urgent first, with each matter's steps and what may be done next."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import Connection, select, text

from db.bulk import SQL_FOLDER, frame_of
from db.cases.places import Found, situation, standpoint
from db.city import city
from db.ledgers import histories
from db.tables import Unit
from grids.moves import allowed
from grids.rights import Who

LAPSED = timedelta(days=30)  # a revisit that nobody made in a month is no longer a thing of today
# Why a matter is on the list; what stands first is dealt with first.
REASONS = ("overdue", "due", "revisit", "open")


def beat_work(conn: Connection, beat: str, at: datetime) -> pd.DataFrame:
    """Matters of a beat at an instant: the columns of beat_work.sql, `why` (REASONS) and `since` (when that became so).

    Within a reason the longest overdue stands first; of revisits those of today, then the ones that lapsed last.
    """
    until = at.astimezone(ZoneInfo(city(conn).zone)).replace(hour=23, minute=59, second=59, microsecond=999_999)
    found = frame_of(conn, _sql("beat_work"), beat=beat, at=at, lapsed=at - LAPSED, until=until)
    revisit = found["settled_at"].notna() & found["revisit_due_at"].le(until) & found["revisit_due_at"].gt(at - LAPSED)
    open_one = found["closed_at"].isna()
    found["why"] = "open"
    found.loc[open_one & found["due_at"].le(until), "why"] = "due"
    found.loc[open_one & found["due_at"].lt(at), "why"] = "overdue"
    found.loc[revisit, "why"] = "revisit"
    found["since"] = found["due_at"].where(found["why"] != "revisit", found["revisit_due_at"])
    found["order"] = found["why"].map(REASONS.index)
    parts = [part.sort_values("since", ascending=why != "revisit", kind="stable") for why, part in found.groupby("why")]
    ordered = pd.concat(parts).sort_values("order", kind="stable") if parts else found
    return ordered.drop(columns="order").reset_index(drop=True)


def stories(conn: Connection, who: Who, work: pd.DataFrame) -> dict[int, dict[str, Any]]:
    """Matter id → its `steps` (at, kind, level, unit_name, officer, result; notes stay sealed) and the moves `allowed`.

    work: rows of `beat_work`. The moves are those that `who` may make now, as one case after the other would tell.
    """
    ids = [int(number) for number in work["id"]]
    told, of = histories(conn, ids), standpoint(conn, who)
    steps: dict[int, list[dict[str, Any]]] = {}
    for step in conn.execute(STEPS, {"matters": ids}).mappings():
        steps.setdefault(step["matter_id"], []).append({name: step[name] for name in step if name != "matter_id"})
    found = {}
    for known in work.astype(object).where(work.notna(), None).to_dict("records"):
        row: dict[str, Any] = {str(name): value for name, value in known.items()}
        case = Found(row, tuple(told.get(row["id"], ())))
        may = allowed(situation(conn, who, case, of=of)) if who.may("work") or who.may("supervise") else []
        found[int(row["id"])] = {"steps": steps.get(row["id"], []), "allowed": may}
    return found


def unit_names(conn: Connection) -> pd.DataFrame:
    """Every unit that a move may name: code, name."""
    return frame_of(conn, select(Unit.code, Unit.name).order_by(Unit.kind, Unit.code))


def _sql(name: str) -> Any:
    return text((SQL_FOLDER / f"{name}.sql").read_text())


STEPS = text("""
    SELECT s.matter_id, s.at, s.kind, s.level, u.name AS unit_name, o.code AS officer, s.result
    FROM step s LEFT JOIN unit u ON u.id = s.unit_id LEFT JOIN officer o ON o.id = s.officer_id
    WHERE s.matter_id = ANY(:matters) ORDER BY s.at, s.no, s.id""")
