-- Incidents in no cell or in doubt between cells, the newest first, with their candidate cells.

SELECT i.channel || ':' || i.source_no AS number, i.reported_at, k.name AS category, i.address,
       ST_X(i.geom) AS lon, ST_Y(i.geom) AS lat, i.radius_m, i.score, i.matched, c.code AS cell,
       CASE WHEN i.cell_then IS NULL THEN 'unplaced' ELSE 'ambiguous' END AS why,
       (SELECT jsonb_agg(jsonb_build_array(o.code, round(d.probability::numeric, 4)) ORDER BY d.probability DESC, o.code)
        FROM incident_candidate d JOIN cell o ON o.id = d.cell_id WHERE d.incident_id = i.id) AS candidates
FROM incident i
JOIN category k ON k.id = i.category_id
LEFT JOIN cell c ON c.id = i.cell_then
WHERE (i.ambiguous OR i.cell_then IS NULL)
  AND (CAST(:since AS timestamptz) IS NULL OR i.reported_at >= :since)
  AND CASE CAST(:kind AS text) WHEN 'unplaced' THEN i.cell_then IS NULL WHEN 'ambiguous' THEN i.ambiguous ELSE true END
ORDER BY i.reported_at DESC, i.id DESC
LIMIT :limit
