-- Every incident as text, by channel and number.
SELECT count(*) AS count, coalesce(md5(string_agg(md5(concat_ws('|', i.channel, i.source_no, i.reported_at AT TIME ZONE 'UTC',
    k.code, i.severity, i.address, i.cell_label, i.beat_label, ST_AsEWKT(i.geom), t.code, n.code, i.placed_by, i.snapped_m,
    i.radius_m, encode(i.content_hash, 'hex'), encode(p.phone_hash, 'hex'))), '' ORDER BY i.channel, i.source_no)), '') AS digest
FROM incident i JOIN category k ON k.id = i.category_id LEFT JOIN incident_personal p ON p.incident_id = i.id
LEFT JOIN cell t ON t.id = i.cell_then LEFT JOIN cell n ON n.id = i.cell_now
