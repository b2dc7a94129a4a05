-- Matters for components that have none yet, each opened by its first report.

INSERT INTO matter (id, incident_id, channel, category_id, opened_at, cell_id, severity_initial, severity, severity_now)
SELECT w.matter_id, i.id, i.channel, i.category_id, i.reported_at, i.cell_then,
       coalesce(i.severity, c.default_severity), coalesce(i.severity, c.default_severity),
       coalesce(i.severity, c.default_severity)
FROM unnest(CAST(:opened AS bigint[]), CAST(:openers AS bigint[])) AS w (matter_id, incident_id)
JOIN incident i ON i.id = w.incident_id JOIN category c ON c.id = i.category_id;
