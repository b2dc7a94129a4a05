-- Corrected incidents of the staged chunk. Where a person clicked the map, the click stays unless the source now gives
-- coordinates of its own.

UPDATE incident i SET
    reported_at = n.reported_at, category_id = n.category_id, severity = n.severity, address = n.address,
    cell_label = n.cell_label, beat_label = n.beat_label, content_hash = n.content_hash, run_id = :run
FROM incoming n WHERE i.id = n.incident_id;

DELETE FROM incident_candidate c USING incoming n, incident i
WHERE c.incident_id = n.incident_id AND i.id = n.incident_id
  AND (i.placed_by <> 'click' OR n.placed_by IN ('point', 'snap'));

UPDATE incident i SET
    geom = ST_SetSRID(ST_MakePoint(n.lon, n.lat), 4326), cell_then = n.cell_then, cell_now = n.cell_now,
    placed_by = n.placed_by, snapped_m = n.snapped_m, radius_m = n.radius_m, score = n.score, matched = n.matched,
    ambiguous = n.ambiguous
FROM incoming n
WHERE i.id = n.incident_id AND (i.placed_by <> 'click' OR n.placed_by IN ('point', 'snap'));
