-- One GeoJSON feature a cell in force.

SELECT jsonb_build_object(
    'type', 'Feature', 'id', c.code, 'geometry', ST_AsGeoJSON(c.geom, 6)::jsonb,
    'properties', jsonb_build_object(
        'code', c.code, 'name', c.name, 'kind', c.kind, 'beat', b.code, 'beat_name', b.name, 'community', a.code,
        'community_name', a.name, 'station', u.code, 'station_name', u.name))
FROM cell c
LEFT JOIN beat_cell bc ON bc.cell_id = c.id AND bc.valid @> coalesce(CAST(:at AS timestamptz), now())
LEFT JOIN beat b ON b.id = bc.beat_id
LEFT JOIN unit u ON u.id = b.station_id
LEFT JOIN area a ON a.id = c.community_id
WHERE c.valid @> coalesce(CAST(:at AS timestamptz), now())
ORDER BY c.code
