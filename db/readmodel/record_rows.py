"""What the model is made of, as queries on the record: every one for all matters, or for the ids of some."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection

from db.readmodel.columns import AGO_US, Array
from db.readmodel.reading import INSTANT, Progress, read_rows
from grids.levels import LEVELS
from grids.outcomes.histories import PASSED_ON, SETTLED
from grids.steps import ROLES

MATTERS = (
    """SELECT m.id, coalesce(m.cell_id, 0), coalesce(i.cell_now, 0), m.category_id,
        coalesce(array_position(%(channels)s::text[], m.channel), 0), m.severity_initial, m.severity, m.severity_now,
        coalesce(m.satisfaction, -1::smallint), coalesce(m.recorded_minutes, 'NaN'),
        m.opened_at, coalesce(m.severity_at, '-infinity'), coalesce(m.reached_cell, 'infinity'),
        coalesce(m.reached_beat, 'infinity'), coalesce(m.reached_community, 'infinity'),
        coalesce(m.reached_street, 'infinity'), coalesce(m.reached_district, 'infinity'),
        coalesce(m.reached_city, 'infinity'), coalesce(m.due_at, 'infinity'),
        coalesce(c.closed_at, 'infinity'), coalesce(c.reopened_at, 'infinity')
    FROM matter m LEFT JOIN incident i ON i.id = m.incident_id LEFT JOIN closure c ON c.matter_id = m.id
    WHERE %(ids)s::bigint[] IS NULL OR m.id = ANY(%(ids)s::bigint[])""",
    {
        "id": "i8", "cell": "i8", "now": "i8", "category": "i8", "channel": "i4", "initial": "i2", "severity": "i2",
        "last": "i2", "satisfaction": "i2", "recorded": "f8", "opened": INSTANT, "severity_at": INSTANT,
        **{f"reached_{level}": INSTANT for level in LEVELS}, "due": INSTANT, "closed": INSTANT, "reopened": INSTANT,
    },
)  # fmt: skip
REPORTS = (
    """SELECT i.id, i.matter_id, coalesce(m.incident_id = i.id, false), i.reported_at, coalesce(i.cell_then, 0),
        coalesce(i.cell_now, 0), i.category_id, coalesce(array_position(%(channels)s::text[], i.channel), 0),
        coalesce(ST_X(i.geom), 'NaN'), coalesce(ST_Y(i.geom), 'NaN'), coalesce(hashtextextended(i.building, 0), 0)
    FROM incident i JOIN matter m ON m.id = i.matter_id
    WHERE %(ids)s::bigint[] IS NULL OR i.matter_id = ANY(%(ids)s::bigint[])""",
    {
        "id": "i8", "matter": "i8", "first": "?", "at": INSTANT, "cell": "i8", "now": "i8", "category": "i8",
        "channel": "i4", "lon": "f8", "lat": "f8", "door": "i8",
    },
)  # fmt: skip
DIVERSIONS = (
    """SELECT d.matter_id, d.sent_at, coalesce(d.accepted_at, 'infinity'), coalesce(d.bounced_at, 'infinity'),
        coalesce(d.done_at, 'infinity'), d.kept, coalesce(d.from_unit_id, 0), coalesce(d.to_unit_id, 0)
    FROM diversion d WHERE %(ids)s::bigint[] IS NULL OR d.matter_id = ANY(%(ids)s::bigint[])
    ORDER BY d.matter_id, d.sent_at, d.step_no""",
    {
        "matter": "i8", "sent": INSTANT, "accepted": INSTANT, "bounced": INSTANT, "done": INSTANT, "kept": "?",
        "from_unit": "i8", "to_unit": "i8",
    },
)  # fmt: skip
# The steps that say how a matter was settled, for grids.outcomes.histories.
TELLING = (*SETTLED, *PASSED_ON)
HISTORIES = (
    """SELECT s.matter_id, s.at, s.no, array_position(%(kinds)s::text[], s.kind)
    FROM step s WHERE s.kind = ANY(%(kinds)s::text[])
      AND (%(ids)s::bigint[] IS NULL OR s.matter_id = ANY(%(ids)s::bigint[]))""",
    {"matter": "i8", "at": INSTANT, "no": "i4", "kind": "i4"},
)
# A bad one as grids.moves.is_bad_revisit says.
REVISITS = (
    """SELECT s.matter_id, s.at, coalesce(s.detail -> 'kept' = 'false' OR s.detail -> 'grievance' = 'true'
        OR s.detail -> 'new_dispute' = 'true', false), coalesce(s.officer_id, 0), coalesce(s.minutes, 'NaN')
    FROM step s WHERE s.kind = 'revisit'
      AND (%(ids)s::bigint[] IS NULL OR s.matter_id = ANY(%(ids)s::bigint[]))""",
    {"matter": "i8", "at": INSTANT, "bad": "?", "officer": "i8", "minutes": "f8"},
)
# Minutes are added in one order, so that the last digit is the same however the rows lie.
CHARGES = (
    """SELECT s.matter_id, array_position(%(roles)s::text[], s.role) - 1, coalesce(s.officer_id, 0),
        coalesce(sum(s.minutes ORDER BY s.minutes), 'NaN'), min(s.at)
    FROM step s WHERE s.role IS NOT NULL
      AND (%(ids)s::bigint[] IS NULL OR s.matter_id = ANY(%(ids)s::bigint[]))
    GROUP BY s.matter_id, s.role, s.officer_id""",
    {"matter": "i8", "role": "i4", "officer": "i8", "recorded": "f8", "at": INSTANT},
)
SOURCES = {
    "matter": MATTERS, "report": REPORTS, "diversion": DIVERSIONS, "history": HISTORIES, "revisit": REVISITS,
    "charge": CHARGES,
}  # fmt: skip
INSTANTS = {name: [told for told, kind in kinds.items() if kind == INSTANT] for name, (_, kinds) in SOURCES.items()}
Record = dict[str, Array]


def read_record(
    conn: Connection, channels: Sequence[str], ids: Sequence[int] | None = None, progress: Progress | None = None
) -> Record:
    """Rows of every one of SOURCES. ids: only what belongs to these matters.

    Instants are microseconds since 2000. channel is 1 + its place among `channels`, 0 for one that is not there; kind
    of a history 1 + its place in TELLING. progress is told how many rows there are so far.
    """
    count = 0

    def more(rows: int) -> None:
        nonlocal count
        count += rows
        if progress:
            progress(count)

    chosen = None if ids is None else [int(number) for number in ids]
    values = {"ids": chosen, "channels": list(channels), "kinds": list(TELLING), "roles": list(ROLES)}
    return {name: read_rows(conn, query, kinds, values, more) for name, (query, kinds) in SOURCES.items()}


def microseconds_1970(instants: Array) -> npt.NDArray[np.int64]:
    """Microseconds since 2000 as those since 1970."""
    return np.where(instants == AGO_US, AGO_US, instants + 946_684_800_000_000)
