-- The origin of each touched matter: its earliest report; of several at one instant the same in whatever order they came.

UPDATE matter m SET
    incident_id = o.incident_id, channel = o.channel, category_id = o.category_id, opened_at = o.opened_at,
    cell_id = o.cell_id, due_at = o.due_at, severity_initial = o.severity
FROM origin o WHERE m.id = o.matter_id;
