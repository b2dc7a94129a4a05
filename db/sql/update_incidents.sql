-- Corrected incidents of the staged chunk. A place already fixed stays fixed unless coordinates or time changed, and a
-- person's click stays unless the source now gives coordinates of its own.

ALTER TABLE incoming ADD COLUMN fixed boolean;

UPDATE incoming came SET fixed = stood.cell_then IS NOT NULL AND (
    (stood.reported_at = came.reported_at AND stood.geom = ST_SetSRID(ST_MakePoint(came.lon, came.lat), 4326))
    IS TRUE OR (stood.placed_by = 'click' AND came.placed_by NOT IN ('point', 'snap')))
FROM incident stood WHERE stood.id = came.incident_id;

UPDATE incident i SET
    reported_at = n.reported_at, category_id = n.category_id, severity = n.severity, address = n.address,
    cell_label = n.cell_label, beat_label = n.beat_label, radius_m = CASE WHEN n.fixed THEN i.radius_m ELSE n.radius_m END,
    content_hash = n.content_hash, room = n.room, building = n.building, district_named = n.district_named, run_id = :run
FROM incoming n WHERE i.id = n.incident_id;

DELETE FROM incident_candidate c USING incoming n WHERE c.incident_id = n.incident_id AND NOT n.fixed;

UPDATE incident i SET
    geom = ST_SetSRID(ST_MakePoint(n.lon, n.lat), 4326), cell_then = n.cell_then, cell_now = n.cell_now,
    placed_by = n.placed_by, snapped_m = n.snapped_m, score = n.score, matched = n.matched, ambiguous = n.ambiguous
FROM incoming n WHERE i.id = n.incident_id AND NOT n.fixed;
