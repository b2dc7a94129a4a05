"""The daily run of what a feed pushes: one for a channel, kind of item and local day; its counts always add up."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select, text, update

from db.tables import LoadRun
from db.tables.loads import RejectedRow

KIND = "push"
_PUSH_LOCK = 0x70757368  # "push"


@dataclass(frozen=True)
class PushRun:
    """A run of today: its id, and the line that the next rejected item is kept under."""

    id: int
    next_line: int


def todays_run(conn: Connection, source: str, what: str, actor: str) -> PushRun:
    """The run of `source` (a channel) for items of a kind `what` on the city's day, made when it is the first.

    Holds a lock until the transaction ends, so that pushes of one run go one after the other.
    """
    day = conn.execute(text("SELECT (now() AT TIME ZONE zone)::date FROM city")).scalar_one()
    fingerprint = f"{KIND} {what} {source} {day}"
    conn.execute(text("SELECT pg_advisory_xact_lock(:lock, hashtext(:key))"), {"lock": _PUSH_LOCK, "key": fingerprint})
    named = (LoadRun.kind == KIND, LoadRun.fingerprint == fingerprint)
    run_id = conn.execute(select(LoadRun.id).where(*named).order_by(LoadRun.id).limit(1)).scalar()
    if run_id is None:
        values = {"kind": KIND, "path": f"{what} of {source}", "fingerprint": fingerprint, "profile": "beatgrid"}
        made = insert(LoadRun).values(**values, actor=actor, state="done", finished_at=func.now())
        run_id = conn.execute(made.returning(LoadRun.id)).scalar_one()
    last = conn.execute(select(func.max(RejectedRow.line)).where(RejectedRow.run_id == run_id)).scalar()
    return PushRun(run_id, 0 if last is None else last + 1)


def finish_push(conn: Connection, run_id: int) -> None:
    """Note when the run last took something in."""
    conn.execute(update(LoadRun).where(LoadRun.id == run_id).values(state="done", finished_at=func.now()))


def placing_stamp(conn: Connection) -> tuple[int, int, int]:
    """Changes when pushed points or addresses may be placed differently: boundary version, newest address, its run."""
    row = conn.execute(
        text("""SELECT boundary_version, (SELECT coalesce(max(id), 0) FROM address) AS address,
                       (SELECT coalesce(max(id), 0) FROM load_run WHERE kind = 'addresses' AND finished_at IS NOT NULL)
                FROM city""")
    ).one()
    return row[0], row[1], row[2]
