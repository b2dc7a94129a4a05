"""Shared phones: those of front desks and estates link nothing, and cost nothing once they are known."""

from collections.abc import Collection

import numpy as np
from sqlalchemy import Connection, text

from db.linking.reading import as_reports, read_reports
from grids.repeats.blocks import shared_phones
from grids.repeats.rules import RULES

OF_REPORTS = text("""
    SELECT DISTINCT phone_hash FROM incident_personal
    WHERE incident_id = ANY(CAST(:ids AS bigint[])) AND phone_hash IS NOT NULL""")
KNOWN = text("SELECT phone_hash, named FROM shared_phone WHERE phone_hash = ANY(CAST(:phones AS bytea[]))")
# Phones that were used often around one of the reports; with fewer uses none can be shared.
OFTEN = text("""
    WITH asked AS MATERIALIZED (
        SELECT p.phone_hash AS phone, i.id, i.reported_at - CAST(:window AS interval) AS since,
               i.reported_at + CAST(:window AS interval) AS until
        FROM unnest(CAST(:ids AS bigint[])) AS u (id) JOIN incident i ON i.id = u.id
        JOIN incident_personal p ON p.incident_id = i.id AND p.phone_hash IS NOT NULL
        WHERE NOT EXISTS (SELECT FROM shared_phone s WHERE s.phone_hash = p.phone_hash))
    SELECT DISTINCT found.phone FROM (
        SELECT a.phone FROM asked a JOIN incident_personal q ON q.phone_hash = a.phone
        JOIN incident o ON o.id = q.incident_id AND o.reported_at BETWEEN a.since AND a.until
        GROUP BY a.id, a.phone HAVING count(*) > :least) AS found""")
REPORTS = text("SELECT incident_id FROM incident_personal WHERE phone_hash = ANY(CAST(:phones AS bytea[]))")
KEEP = text("INSERT INTO shared_phone (phone_hash) SELECT unnest(CAST(:phones AS bytea[])) ON CONFLICT DO NOTHING")
FORGET = text("DELETE FROM shared_phone WHERE phone_hash = ANY(CAST(:phones AS bytea[]))")


def phones_of(conn: Connection, ids: Collection[int]) -> set[bytes]:
    """Keyed hashes of the phones of reports (ids)."""
    return {bytes(found) for found in conn.execute(OF_REPORTS, {"ids": list(ids)}).scalars()} if ids else set()


def settle_shared(conn: Connection, fresh: Collection[int], changed: Collection[int], before: set[bytes]) -> set[int]:
    """Find out which phones are shared now; the reports (ids) of those that became so or ceased to be.

    fresh, changed: ids of reports; before: hashes of phones that changed ones had. New reports never make a shared
    phone one of somebody's own, so that a front desk's ten-thousandth call is not counted through again.
    """
    doubted = {phone for phone, named in _known(conn, phones_of(conn, changed) | before).items() if not named}
    least = min(RULES.shared_groups, RULES.shared_places)
    asked = {"ids": [*fresh, *changed], "least": least, "window": f"{RULES.window_us} microseconds"}
    often = {bytes(phone) for phone in conn.execute(OFTEN, asked).scalars()}
    shared = _shared(conn, often | doubted)
    became, ceased = shared - doubted, doubted - shared
    if not became and not ceased:
        return set()
    conn.execute(KEEP, {"phones": list(became)})
    conn.execute(FORGET, {"phones": list(ceased)})
    return set(conn.execute(REPORTS, {"phones": list(became | ceased)}).scalars())


def shared_flags(conn: Connection, phones: list[bytes]) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Whether each of the phones is shared."""
    known = _known(conn, set(phones))
    return np.array([phone in known for phone in phones], dtype=np.bool_)


def _known(conn: Connection, phones: set[bytes]) -> dict[bytes, bool]:
    """Shared ones → whether a person named them."""
    if not phones:
        return {}
    return {bytes(row.phone_hash): row.named for row in conn.execute(KNOWN, {"phones": list(phones)})}


def _shared(conn: Connection, phones: set[bytes]) -> set[bytes]:
    if not phones:
        return set()
    reports = as_reports(read_reports(conn, conn.execute(REPORTS, {"phones": list(phones)}).scalars().all()))
    return {reports.phones[code] for code in np.flatnonzero(shared_phones(reports, RULES))}
