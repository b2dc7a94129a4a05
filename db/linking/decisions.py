"""The words that count now about pairs of reports."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, text

# The latest word of a person about the two, unless it was taken back; else that of a source.
COUNTING = text("""
    WITH spoken AS (
        SELECT DISTINCT ON (d.a_incident, d.b_incident, d.source) d.a_incident, d.b_incident, d.source, d.same
        FROM unnest(CAST(:ids AS bigint[])) AS u (id) JOIN matter_decision d ON d.a_incident = u.id
        ORDER BY d.a_incident, d.b_incident, d.source, d.id DESC)
    SELECT DISTINCT ON (1, 2) least(a_incident, b_incident) AS a, greatest(a_incident, b_incident) AS b, same
    FROM spoken WHERE same IS NOT NULL ORDER BY 1, 2, source = 'person' DESC""")


def decisions_among(conn: Connection, keys: Mapping[int, str]) -> dict[tuple[str, str], bool]:
    """Decisions between reports (id → key): pair of keys → whether they are of one matter."""
    ids: Sequence[int] = list(keys)
    found = conn.execute(COUNTING, {"ids": ids})
    return {(keys[row.a], keys[row.b]): row.same for row in found if row.a in keys and row.b in keys}
