-- Areas in force at an instant: one row a feature.

SELECT a.level || ':' || a.code AS id, ST_AsGeoJSON(a.geom, 7) AS geometry,
    jsonb_build_object(
        'code', a.code, 'name', a.name, 'level', a.level, 'parent', p.code,
        'valid_from', lower(a.valid), 'valid_to', upper(a.valid)) AS properties,
    count(*) OVER () AS matched
FROM area a LEFT JOIN area p ON p.id = a.parent_id
WHERE a.valid @> CAST(:at AS timestamptz)
  AND (CAST(:id AS text) IS NULL OR a.level || ':' || a.code = :id)
  AND (CAST(:west AS float8) IS NULL OR a.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
       AND ST_Intersects(a.geom, ST_MakeEnvelope(:west, :south, :east, :north, 4326)))
ORDER BY a.level, a.code
LIMIT :limit OFFSET :offset
