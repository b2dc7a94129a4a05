-- Corrected incidents of the staged chunk. A place already fixed stays fixed unless the coordinates changed.

UPDATE incident i SET
    reported_at = n.reported_at, category_id = n.category_id, severity = n.severity, address = n.address,
    cell_label = n.cell_label, beat_label = n.beat_label, geom = ST_SetSRID(ST_MakePoint(n.lon, n.lat), 4326),
    cell_then = n.cell_then, cell_now = n.cell_now, placed_by = n.placed_by, snapped_m = n.snapped_m,
    radius_m = n.radius_m, content_hash = n.content_hash, run_id = :run
FROM incoming n WHERE i.id = n.incident_id;
