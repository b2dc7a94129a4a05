"""Linking what is new or corrected: the reports around it are settled anew, and end where linking all would put them.

Every transaction that takes in, corrects or decides holds `db.matter_locks.hold_links`, so that each sees what the one
before has written; and acts everywhere, since a report of one channel or place may belong to a matter of another.
"""

from collections.abc import Collection
from contextlib import nullcontext

import pandas as pd
from sqlalchemy import Connection, text

from db.linking.closed_set import grown
from db.linking.decisions import decisions_among
from db.linking.moving import Moves, move
from db.linking.phones import settle_shared, shared_flags
from db.linking.reading import as_reports, by_index, read_reports
from db.matters import refresh_origins
from db.one_matter import FEW, refresh_origin
from grids.repeats.matters import Settled, settle
from grids.repeats.rules import RULES

OF_REPORTS = text("SELECT DISTINCT matter_id FROM incident WHERE id = ANY(CAST(:ids AS bigint[]))")


def link_reports(
    conn: Connection, fresh: Collection[int] = (), changed: Collection[int] = (),
    phones_before: Collection[bytes] = (), *, refresh_changed: bool = True,
) -> Moves:  # fmt: skip
    """Link reports (ids) that were just written and refresh every matter that this concerns.

    fresh: new reports, each in a matter of its own so far. changed: reports whose instant, place, phone, category or
    decisions may have changed; phones_before: hashes of the phones that they had; refresh_changed: whether their
    matters take their origin anew even where no report moved. All in the caller's transaction.
    """
    with by_index(conn) if len(fresh) + len(changed) > FEW else nullcontext():
        touched = {*fresh, *changed} | settle_shared(conn, fresh, changed, set(phones_before))
        members = grown(conn, touched)
        moves = Moves()
        if len(members) > 1:
            frame = read_reports(conn, members)
            moves = move(conn, frame, settled(conn, frame).matter, fresh)
        again = set(moves.touched) | (_matters_of(conn, changed) if refresh_changed else set())
    _refresh(conn, again)
    return moves


def settled(conn: Connection, frame: pd.DataFrame, ended_at: pd.Series | None = None) -> Settled:
    """The reports of read_reports, a closed set, linked with all that was decided about them."""
    reports = as_reports(frame, ended_at)
    keys = dict(zip(frame["id"].tolist(), reports.key.tolist(), strict=True))
    return settle(reports, decisions_among(conn, keys), RULES, shared_flags(conn, reports.phones))


def _matters_of(conn: Connection, changed: Collection[int]) -> set[int]:
    if not changed:
        return set()
    return set(conn.execute(OF_REPORTS, {"ids": list(changed)}).scalars())


def _refresh(conn: Connection, matters: set[int]) -> None:
    if len(matters) > FEW:
        refresh_origins(conn, matters)
    else:
        for matter in sorted(matters):
            refresh_origin(conn, matter)
