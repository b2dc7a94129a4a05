-- The tree of places: districts, streets, communities by area; stations, their beats, the beats' cells.

WITH held AS (
    SELECT c.code, c.name, c.community_id, b.code AS beat
    FROM cell c
    JOIN beat_cell bc ON bc.cell_id = c.id AND bc.valid @> now()
    JOIN beat b ON b.id = bc.beat_id
    WHERE c.valid @> now()
),
listed AS (
    SELECT 1 AS rank, a.level AS kind, a.code, a.name, p.level || ':' || p.code AS parent
    FROM area a LEFT JOIN area p ON p.id = a.parent_id
    WHERE a.level IN ('district', 'street', 'community') AND upper_inf(a.valid)
    UNION ALL
    SELECT 2, 'station', code, name, NULL FROM unit WHERE kind = 'station'
    UNION ALL
    SELECT 3, 'beat', b.code, b.name, 'station:' || u.code
    FROM beat b LEFT JOIN unit u ON u.id = b.station_id
    WHERE EXISTS (SELECT FROM held WHERE held.beat = b.code)
    UNION ALL
    SELECT 4, 'cell', code, name, 'beat:' || beat FROM held
)
SELECT kind, code, name, parent FROM listed
ORDER BY rank, array_position(ARRAY['district', 'street', 'community', 'station', 'beat', 'cell'], kind), code
