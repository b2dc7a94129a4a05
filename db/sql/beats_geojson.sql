-- One GeoJSON feature a beat in force: the union of its cells.

SELECT jsonb_build_object(
    'type', 'Feature', 'id', b.code, 'geometry', ST_AsGeoJSON(ST_Union(c.geom), 6)::jsonb,
    'properties', jsonb_build_object('code', b.code, 'name', b.name, 'station', u.code, 'cells', count(*)))
FROM beat b
JOIN beat_cell bc ON bc.beat_id = b.id AND bc.valid @> coalesce(CAST(:at AS timestamptz), now())
JOIN cell c ON c.id = bc.cell_id
LEFT JOIN unit u ON u.id = b.station_id
GROUP BY b.id, u.code
ORDER BY b.code
