-- People who hold a place at an instant, who stands in for those who are away, and which shift they are on.
-- A cell is also answered for by its beat and its station, a beat by its cells and its station.

WITH RECURSIVE away AS (
    SELECT officer_id, cover_id, kind, upper(during) AS until FROM absence WHERE during @> CAST(:at AS timestamptz)
),
-- Whoever stands in may be away too, covered by a third; a circle ends in nobody.
chain AS (
    SELECT officer_id AS holder, cover_id AS stands, ARRAY[officer_id] AS passed FROM away
    UNION ALL
    SELECT c.holder, a.cover_id, c.passed || a.officer_id
    FROM chain c JOIN away a ON a.officer_id = c.stands WHERE a.officer_id <> ALL (c.passed)
),
standing AS (
    SELECT c.holder, c.stands FROM chain c
    WHERE c.stands IS NOT NULL AND NOT EXISTS (SELECT FROM away a WHERE a.officer_id = c.stands)
),
posted AS (
    SELECT p.officer_id AS holder, p.role,
           CASE WHEN p.cell_id IS NOT NULL THEN 'cell' WHEN p.beat_id IS NOT NULL THEN 'beat' ELSE 'unit' END AS post_kind,
           coalesce(c.code, b.code, u.code) AS post, coalesce(c.name, b.name, u.name) AS post_name,
           b.code AS beat, u.code AS unit,
           coalesce(s.code, CASE WHEN u.kind = 'station' THEN u.code END) AS station,
           community.code AS community, street.code AS street, district.code AS district
    FROM posting p
    LEFT JOIN cell c ON c.id = p.cell_id
    LEFT JOIN beat_cell bc ON bc.cell_id = p.cell_id AND bc.valid @> CAST(:at AS timestamptz)
    LEFT JOIN beat b ON b.id = coalesce(p.beat_id, bc.beat_id)
    LEFT JOIN unit s ON s.id = b.station_id
    LEFT JOIN unit u ON u.id = p.unit_id
    LEFT JOIN area seat ON seat.id = u.area_id
    LEFT JOIN area community ON community.level = 'community' AND community.id = coalesce(c.community_id, b.community_id, seat.id)
    LEFT JOIN area street ON street.level = 'street' AND street.id = coalesce(community.parent_id, seat.id)
    LEFT JOIN area district ON district.level = 'district'
        AND district.id = coalesce(street.parent_id, community.parent_id, seat.id)
    WHERE p.valid @> CAST(:at AS timestamptz)
)
SELECT h.code AS holder, o.code AS officer, p.role, p.post_kind, p.post, p.post_name, p.beat, p.station, p.community,
       a.kind AS away, a.until AS away_until, w.kind AS duty, lower(w.during) AS since, upper(w.during) AS until,
       o.personal
FROM posted p
JOIN officer h ON h.id = p.holder
LEFT JOIN away a ON a.officer_id = p.holder
LEFT JOIN standing s ON s.holder = p.holder
LEFT JOIN officer o ON o.id = CASE WHEN a.officer_id IS NULL THEN p.holder ELSE s.stands END
LEFT JOIN shift w ON w.officer_id = o.id AND w.during @> CAST(:at AS timestamptz)
WHERE CASE CAST(:kind AS text)
    WHEN 'cell' THEN (p.post_kind = 'cell' AND p.post = :code) OR (p.post_kind = 'beat' AND p.beat = :beat) OR p.unit = :station
    WHEN 'beat' THEN p.beat = :code OR p.unit = :station
    WHEN 'station' THEN p.station = :code
    WHEN 'unit' THEN p.unit = :code
    WHEN 'community' THEN p.community = :code
    WHEN 'rooms' THEN p.post_kind = 'unit' AND p.community = ANY (string_to_array(:code, ','))
    WHEN 'street' THEN p.street = :code
    WHEN 'district' THEN p.district = :code
    WHEN 'everywhere' THEN true
    WHEN 'cover' THEN a.officer_id IS NOT NULL AND o.code = :code
END
ORDER BY array_position(ARRAY['cell', 'beat', 'unit'], p.post_kind),
    array_position(ARRAY['beat_lead', 'police', 'auxiliary', 'grid_lead', 'grid_worker'], p.role), p.post, h.code
