"""Moving a cell to another beat from a date on, with what it costs before it takes effect."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import Connection, func, select

from db.beats import beat_ids, hold
from db.cells import dated_cells
from db.city import city
from db.facts import Filter
from db.loads import mark_changed
from db.tables import Beat, BeatCell, Cell, Matter
from db.workload import available, workload
from geo.adjacency import neighbours
from geo.errors import NotFound, Refused
from grids.plans import Move, assignment_after, before_after, emptied, splits

DEMAND_PERIOD = timedelta(days=365)
BORDER_TOLERANCE_M = 1.0


@dataclass(frozen=True)
class MoveEffect:
    """What a move does: the two beats before and after (grids.plans.before_after), warnings, and what goes along."""

    cell: str
    from_beat: str
    to_beat: str
    since: datetime
    beats: pd.DataFrame
    warnings: list[str]
    open_matters: int
    residents: int | None


def preview_move(conn: Connection, cell: str, beat: str, since: datetime, now: datetime | None = None) -> MoveEffect:
    """Load of both beats before and after, by the demand of the past year; nothing is written.

    Raises NotFound for unknown codes and Refused when the cell is in that beat already on that date.
    """
    held = _assignment(conn, since)
    moves = [Move(cell, beat)]
    beats = beat_ids(conn)
    after = assignment_after(held, moves, beats)
    end = now or datetime.now(UTC)
    effect = before_after(_demand(conn, held, end), moves, _available(conn, end, list(beats)))
    concerned = effect[effect["beat"].isin([held[cell], beat])].reset_index(drop=True)
    open_matters, residents = _goes_along(conn, cell)
    return MoveEffect(
        cell, held[cell], beat, since, concerned, _warnings(conn, held, after, since), open_matters, residents
    )


def move_cell(conn: Connection, cell: str, beat: str, since: datetime, now: datetime | None = None) -> MoveEffect:
    """Record that `beat` holds `cell` from `since` on; figures of the time before stay as they were.

    Raises Refused for a date before today in the city's zone, since that would change what was reported.
    """
    now = now or datetime.now(UTC)
    today = now.astimezone(ZoneInfo(city(conn).zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    if since < today:
        raise Refused(
            "A move takes effect today or later, since the figures of the past stay as they were: choose a later date."
        )
    effect = preview_move(conn, cell, beat, since, now)
    live = Cell.valid.op("@>", is_comparison=True)(since)
    cell_id = conn.execute(select(Cell.id).where(Cell.code == cell, live)).scalar_one()
    hold(conn, cell_id, beat_ids(conn)[beat], since, "plan")
    mark_changed(conn, boundary=True)
    return effect


def _assignment(conn: Connection, at: datetime) -> dict[str, str]:
    """Cell code → beat code at an instant."""
    held = BeatCell.valid.op("@>", is_comparison=True)(at)
    joined = Cell.__table__.join(BeatCell, BeatCell.cell_id == Cell.id).join(Beat, Beat.id == BeatCell.beat_id)
    rows = conn.execute(select(Cell.code, Beat.code.label("beat")).select_from(joined).where(held))
    found = {row.code: row.beat for row in rows}
    if not found:
        raise NotFound(f"No cell is in force on {at:%Y-%m-%d}: load cells first or choose another date.")
    return found


def _demand(conn: Connection, held: dict[str, str], end: datetime) -> pd.DataFrame:
    worked = workload(conn, Filter(end - DEMAND_PERIOD, end), "cell").dropna(subset="key").set_index("key")["minutes"]
    cells = list(held)
    return pd.DataFrame({"cell": cells, "beat": [held[c] for c in cells], "minutes": worked.reindex(cells).to_numpy()})


def _available(conn: Connection, end: datetime, beats: list[str]) -> pd.Series:
    # Asked of the postings alone: a beat without a matter in the past year has people all the same.
    table = available(conn, end - DEMAND_PERIOD, end, "beat").set_index("key")
    return table["available"].astype("float64").reindex(beats)


def _warnings(conn: Connection, before: dict[str, str], after: dict[str, str], at: datetime) -> list[str]:
    cells = dated_cells(conn)
    started = cells["since"].isna() | (pd.to_datetime(cells["since"], utc=True) <= at)
    open_ended = cells["until"].isna() | (pd.to_datetime(cells["until"], utc=True) > at)
    live = cells[started & open_ended]
    beside = neighbours(live["geometry"].to_numpy(), BORDER_TOLERANCE_M)
    found = [split.sentence for split in splits(before, after, list(live["code"]), beside)]
    return found + [f"Beat {beat} would hold no cell any more." for beat in emptied(before, after)]


def _goes_along(conn: Connection, cell: str) -> tuple[int, int | None]:
    mine = Matter.cell_id == Cell.id
    count = (
        select(func.count()).select_from(Matter).join(Cell, mine).where(Cell.code == cell, Matter.closed_at.is_(None))
    )
    residents = select(Cell.residents).where(Cell.code == cell, func.upper_inf(Cell.valid))
    return int(conn.execute(count).scalar_one()), conn.execute(residents).scalar()
