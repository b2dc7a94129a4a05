"""What rates stand over: residents of a place, and days on which its people were on duty."""

from sqlalchemy import Connection, text

from db.facts import Filter

# A cell and everything it lies in, at one instant.
HELD = """
    held AS (
        SELECT c.id, c.code AS cell, c.residents, b.id AS beat_id, b.code AS beat, u.id AS station_id,
            u.code AS station, a.code AS community, s.code AS street, d.code AS district
        FROM cell c
        LEFT JOIN beat_cell h ON h.cell_id = c.id AND h.valid @> CAST(:at AS timestamptz)
        LEFT JOIN beat b ON b.id = h.beat_id LEFT JOIN unit u ON u.id = b.station_id
        LEFT JOIN area a ON a.id = c.community_id LEFT JOIN area s ON s.id = a.parent_id AND s.level = 'street'
        LEFT JOIN area d ON d.id = coalesce(s.parent_id, a.parent_id) AND d.level = 'district'
        WHERE c.valid @> CAST(:at AS timestamptz)
    ),
    here AS (
        SELECT * FROM held WHERE CAST(:kind AS text) IS NULL
            OR CASE CAST(:kind AS text) WHEN 'cell' THEN cell WHEN 'beat' THEN beat WHEN 'station' THEN station
                WHEN 'community' THEN community WHEN 'street' THEN street ELSE district END = :code
    )"""
RESIDENTS = text(f"WITH {HELD} SELECT coalesce(sum(residents), 0) FROM here")  # noqa: S608 - constants
# Somebody posted to a place serves its cells; a posting to a station or beat counts where any cell of it lies here.
PERSON_DAYS = text(f"""
    WITH {HELD},
    mine AS (
        SELECT DISTINCT p.officer_id FROM posting p JOIN here
            ON here.id = p.cell_id OR here.beat_id = p.beat_id OR here.station_id = p.unit_id
        WHERE p.valid && tstzrange(:start, :end)
    ),
    duty AS (
        SELECT DISTINCT s.officer_id, CAST(timezone(:zone, greatest(lower(s.during), :start)) AS date) AS day
        FROM shift s JOIN mine USING (officer_id)
        WHERE s.during && tstzrange(:start, :end) AND s.kind <> 'standby'
            AND NOT EXISTS (SELECT FROM absence a WHERE a.officer_id = s.officer_id AND a.during @> s.during)
    )
    SELECT count(*) FROM duty""")  # noqa: S608 - constants


def residents(conn: Connection, flt: Filter) -> float:
    """Residents of the cells that lie in the filter's place at its end; cells that tell none count nobody."""
    return float(conn.execute(RESIDENTS, _asked(flt)).scalar_one())


def person_days(conn: Connection, flt: Filter, zone: str) -> float:
    """Days (local) on which somebody posted to the place, its beats or cells was on a shift, once a person and day.

    Standby and shifts inside an absence do not count. 0, and so no rate, where there is no roster.
    """
    asked = _asked(flt) | {"start": flt.start, "end": flt.end, "zone": zone}
    return float(conn.execute(PERSON_DAYS, asked).scalar_one())


def _asked(flt: Filter) -> dict[str, object]:
    kind, _, code = (flt.place or "").partition(":")
    return {"at": flt.end, "kind": kind or None, "code": code or None}
