-- Cells in force at an instant, with the beat that held each then.

SELECT c.code AS id, ST_AsGeoJSON(c.geom, 7) AS geometry,
    jsonb_build_object(
        'code', c.code, 'name', c.name, 'kind', c.kind, 'beat', b.code, 'beat_name', b.name, 'station', u.code,
        'community', a.code, 'households', c.households, 'residents', c.residents,
        'valid_from', lower(c.valid), 'valid_to', upper(c.valid)) AS properties,
    count(*) OVER () AS matched
FROM cell c
LEFT JOIN beat_cell bc ON bc.cell_id = c.id AND bc.valid @> CAST(:at AS timestamptz)
LEFT JOIN beat b ON b.id = bc.beat_id
LEFT JOIN unit u ON u.id = b.station_id
LEFT JOIN area a ON a.id = c.community_id
WHERE c.valid @> CAST(:at AS timestamptz)
  AND (CAST(:id AS text) IS NULL OR c.code = :id)
  AND (CAST(:west AS float8) IS NULL OR c.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
       AND ST_Intersects(c.geom, ST_MakeEnvelope(:west, :south, :east, :north, 4326)))
ORDER BY c.code
LIMIT :limit OFFSET :offset
