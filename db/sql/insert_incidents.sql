-- New incidents of the staged chunk, each with its number, and the matters that they open.

INSERT INTO matter (id, incident_id, channel, category_id, opened_at, cell_id, due_at, severity_initial, severity, severity_now)
SELECT DISTINCT ON (n.matter_id)
    n.matter_id, n.incident_id, n.channel, n.category_id, n.reported_at, n.cell_then,
    n.due_at,
    coalesce(n.severity, c.default_severity), coalesce(n.severity, c.default_severity),
    coalesce(n.severity, c.default_severity)
FROM incoming n JOIN category c ON c.id = n.category_id
ORDER BY n.matter_id, n.reported_at, n.channel COLLATE "C", n.source_no COLLATE "C"
ON CONFLICT (id) DO NOTHING;

INSERT INTO incident (
    id, channel, source_no, reported_at, category_id, matter_id, severity, address, cell_label, beat_label, geom,
    cell_then, cell_now, placed_by, snapped_m, radius_m, score, matched, ambiguous, content_hash, room, building, district_named,
    run_id)
SELECT
    incident_id, channel, source_no, reported_at, category_id, matter_id, severity, address, cell_label, beat_label,
    ST_SetSRID(ST_MakePoint(lon, lat), 4326), cell_then, cell_now, placed_by, snapped_m, radius_m, score, matched, ambiguous,
    content_hash, room, building, district_named, :run
FROM incoming ORDER BY incident_id;

INSERT INTO source_key (channel, source_no, incident_id)
SELECT channel, source_no, incident_id FROM incoming;
