-- One GeoJSON feature a drawn thing, the largest first so that small ones lie on top.

SELECT jsonb_build_object(
    'type', 'Feature', 'geometry', ST_AsGeoJSON(geom, 6)::jsonb,
    'properties', jsonb_build_object('kind', kind, 'name', name, 'rank', rank))
FROM backdrop ORDER BY array_position(ARRAY['sea', 'water', 'park', 'building', 'road'], kind), rank DESC, id
