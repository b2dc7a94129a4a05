-- The origin of each touched matter: its earliest report; of several at one instant the same in whatever order they came.

UPDATE matter m SET
    incident_id = o.id, channel = o.channel, category_id = o.category_id, opened_at = o.reported_at, cell_id = o.cell_then,
    due_at = o.reported_at + o.deadline_hours * interval '1 hour', severity_initial = o.severity
FROM (
    SELECT DISTINCT ON (i.matter_id)
        i.matter_id, i.id, i.channel, i.category_id, i.reported_at, i.cell_then, c.deadline_hours,
        coalesce(i.severity, c.default_severity) AS severity
    FROM incident i JOIN touched t USING (matter_id) JOIN category c ON c.id = i.category_id
    ORDER BY i.matter_id, i.reported_at, i.channel, i.source_no
) o WHERE m.id = o.matter_id;
