"""Which matter each linked report belongs to, and moving it there with all that is its own."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection, text

from db.bulk import next_ids, run_sql

Longs = npt.NDArray[np.int64]
HOLD = text("SELECT id FROM matter WHERE id = ANY(CAST(:ids AS bigint[])) ORDER BY id FOR UPDATE")
NEW = 0  # the id of a matter that is still to be opened


@dataclass(frozen=True)
class Moves:
    """What linking did: ids of reports that changed their matter, of matters that changed, and of those that are
    gone because all their reports went elsewhere. together: whether the two reports of a decision share one now."""

    moved: frozenset[int] = frozenset()
    touched: frozenset[int] = frozenset()
    gone: frozenset[int] = frozenset()
    together: bool = False


def assigned(frame: pd.DataFrame, component: Longs, fresh: Collection[int]) -> Longs:
    """The matter id of each report, NEW for components that are to get one.

    frame: matter_id, opens, id of reports in the order of linking; component: position of the first report of each.
    A component keeps the id of the matter that opened first among those whose first report it holds; matters of fresh
    reports (ids) come last. A component without any keeps that of its first report whose id nobody else keeps.
    """
    rows = pd.DataFrame({"component": component, "matter": frame["matter_id"].to_numpy(dtype=np.int64)})
    rows["late"] = frame["id"].isin(list(fresh)).to_numpy()
    opens = rows[frame["opens"].to_numpy(dtype=bool)].sort_values("late", kind="stable")
    kept = opens.drop_duplicates("component").set_index("component")["matter"]
    bare = rows[~rows["component"].isin(kept.index) & ~rows["matter"].isin(kept)]
    spare = bare.drop_duplicates("matter").drop_duplicates("component").set_index("component")["matter"]
    return rows["component"].map(pd.concat([kept, spare])).fillna(NEW).to_numpy(dtype=np.int64, copy=True)


def move(conn: Connection, frame: pd.DataFrame, component: Longs, fresh: Collection[int]) -> Moves:
    """Put every report of a closed set into the matter of its component; what follows from steps is left to do."""
    before = frame["matter_id"].to_numpy(dtype=np.int64)
    after = assigned(frame, component, fresh)
    numbers = frame["id"].to_numpy(dtype=np.int64)
    opened = np.unique(component[after == NEW])
    if len(opened):
        ids = next_ids(conn, "matter", len(opened))
        to_open = after == NEW
        after[to_open] = ids[np.searchsorted(opened, component[to_open])]
        run_sql(conn, "link_openings", opened=ids.tolist(), openers=numbers[opened].tolist())
    moved = before != after
    if not moved.any():
        return Moves()
    gone = set(np.unique(before).tolist()) - set(np.unique(after).tolist())
    touched = set(before[moved].tolist()) | set(after[moved].tolist())
    # In one order, as everybody who works on several matters: no two wait for each other in a circle.
    conn.execute(HOLD, {"ids": sorted(touched)}).all()
    moving = {"reports": numbers[moved].tolist(), "into": after[moved].tolist()}
    run_sql(conn, "link_moves", **moving, gone=sorted(gone))
    return Moves(frozenset(moving["reports"]), frozenset(touched - gone), frozenset(gone))
