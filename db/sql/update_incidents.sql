-- Corrected incidents of the staged chunk. A place already fixed stays fixed unless coordinates or time changed.

UPDATE incident i SET
    reported_at = n.reported_at, category_id = n.category_id, severity = n.severity, address = n.address,
    cell_label = n.cell_label, beat_label = n.beat_label, geom = n.geom,
    cell_then = CASE WHEN n.fixed THEN i.cell_then ELSE n.cell_then END,
    cell_now = CASE WHEN n.fixed THEN i.cell_now ELSE n.cell_now END,
    placed_by = CASE WHEN n.fixed THEN i.placed_by ELSE n.placed_by END,
    snapped_m = CASE WHEN n.fixed THEN i.snapped_m ELSE n.snapped_m END,
    radius_m = n.radius_m, content_hash = n.content_hash, run_id = :run
FROM (
    SELECT came.*, point.geom,
           stood.cell_then IS NOT NULL AND stood.reported_at = came.reported_at AND stood.geom = point.geom AS fixed
    FROM incoming came
    JOIN incident stood ON stood.id = came.incident_id
    CROSS JOIN LATERAL (SELECT ST_SetSRID(ST_MakePoint(came.lon, came.lat), 4326) AS geom) AS point
) n WHERE i.id = n.incident_id;
