"""Replaying the whole record: what follows from steps, recomputed for every matter."""

from collections.abc import Callable

import numpy as np
from sqlalchemy import Engine, func, select

from db.engine import begin
from db.matter_locks import hold_matters
from db.matters import refresh_matters
from db.tables import Matter
from grids.rights import Who

CHUNK = 20_000


def _silent(_done: int, _total: int) -> None:
    """No progress shown."""


def replay_all(
    engine: Engine, who: Who | str, progress: Callable[[int, int], None] = _silent, chunk: int = CHUNK
) -> int:
    """Recompute every matter from its steps, a transaction a chunk; how many there were.

    For a record that an earlier version wrote, whose ledgers and tags are not filled yet. Changes nothing where all is
    right; may be interrupted and run again. progress is told (done, total).
    """
    done, last = 0, 0
    with begin(engine, who) as conn:
        total = conn.execute(select(func.count()).select_from(Matter)).scalar_one()
    while True:
        with begin(engine, who) as conn:
            hold_matters(conn)
            query = select(Matter.id).where(Matter.id > last).order_by(Matter.id).limit(chunk)
            ids = np.array(conn.execute(query).scalars().all(), dtype=np.int64)
            if not ids.size:
                return done
            refresh_matters(conn, ids)
        done, last = done + ids.size, int(ids[-1])
        progress(done, total)
