"""Linking the whole record from scratch, a chunk of reports at a time: to fill old address keys, or to be sure."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Engine, func, select, text

from db.bulk import frame_of
from db.engine import begin
from db.linking.linking import link_reports
from db.loads import mark_changed
from db.matter_locks import hold_links
from db.tables import Incident
from grids.repeats import rooms_of
from grids.rights import Who

CHUNK = 20_000
NEXT = "SELECT id, address, room, building, district_named FROM incident WHERE id > :last ORDER BY id LIMIT :chunk"
SET_KEYS = text("""
    UPDATE incident i SET room = w.room, building = w.building, district_named = w.district
    FROM unnest(CAST(:ids AS bigint[]), CAST(:rooms AS text[]), CAST(:buildings AS text[]), CAST(:districts AS text[]))
        AS w (id, room, building, district)
    WHERE i.id = w.id""")


@dataclass(frozen=True)
class Relinked:
    """reports looked at; moved: those that went into another matter; matters: how many of these changed or went."""

    reports: int
    moved: int
    matters: int


def _silent(_done: int, _total: int) -> None:
    """No progress shown."""


def relink_all(
    engine: Engine, who: Who | str, progress: Callable[[int, int], None] = _silent, chunk: int = CHUNK
) -> Relinked:
    """Compute every report's address keys and link them all, a transaction a chunk; progress is told (done, total).

    Changes nothing where all is right; may be interrupted and run again. Loads and pushes may go on meanwhile.
    """
    done, last, moved, matters = 0, 0, set[int](), set[int]()
    with begin(engine, who) as conn:
        total = conn.execute(select(func.count()).select_from(Incident)).scalar_one()
    while True:
        with begin(engine, who) as conn:
            hold_links(conn)
            rows = frame_of(conn, NEXT, last=last, chunk=chunk)
            if rows.empty:
                return Relinked(done, len(moved), len(matters))
            _set_keys(conn, rows)
            moves = link_reports(conn, changed=rows["id"].tolist(), refresh_changed=False)
            if moves.moved:
                mark_changed(conn)
        moved |= moves.moved
        matters |= moves.touched | moves.gone
        done, last = done + len(rows), int(rows["id"].iloc[-1])
        progress(done, total)


def _set_keys(conn: Connection, rows: pd.DataFrame) -> None:
    keys = pd.DataFrame(rooms_of(rows["address"]), index=rows.index).replace("", None).astype(object)
    stands = rows[["room", "building", "district_named"]].astype(object)
    differs = np.any(keys.where(keys.notna(), "").to_numpy() != stands.where(stands.notna(), "").to_numpy(), axis=1)
    wrong, right = rows[differs], keys[differs]
    if len(wrong):
        texts = {f"{name}s": [text if isinstance(text, str) else None for text in right[name]] for name in keys}
        conn.execute(SET_KEYS, {"ids": wrong["id"].tolist(), **texts})
