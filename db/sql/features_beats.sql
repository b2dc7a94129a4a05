-- Beats at an instant: the union of the cells that each held then.

WITH held AS (
    SELECT bc.beat_id, c.geom, c.residents
    FROM beat_cell bc JOIN cell c ON c.id = bc.cell_id
    WHERE bc.valid @> CAST(:at AS timestamptz) AND c.valid @> CAST(:at AS timestamptz)
),
chosen AS (
    SELECT b.id, b.code, b.name, b.station_id, b.community_id FROM beat b
    WHERE (CAST(:id AS text) IS NULL OR b.code = :id)
      AND EXISTS (
          SELECT FROM held h WHERE h.beat_id = b.id
            AND (CAST(:west AS float8) IS NULL OR h.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
                 AND ST_Intersects(h.geom, ST_MakeEnvelope(:west, :south, :east, :north, 4326))))
),
page AS (
    SELECT *, count(*) OVER () AS matched FROM chosen ORDER BY code LIMIT :limit OFFSET :offset
)
SELECT p.code AS id, ST_AsGeoJSON(ST_Multi(ST_Union(h.geom)), 7) AS geometry,
    jsonb_build_object(
        'code', p.code, 'name', p.name, 'station', min(u.code), 'station_name', min(u.name), 'community', min(a.code),
        'cells', count(*), 'residents', sum(h.residents)) AS properties,
    min(p.matched) AS matched
FROM page p
JOIN held h ON h.beat_id = p.id
LEFT JOIN unit u ON u.id = p.station_id
LEFT JOIN area a ON a.id = p.community_id
GROUP BY p.id, p.code, p.name
ORDER BY p.code
