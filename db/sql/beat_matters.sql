-- Open matters whose cell a beat holds at an instant, the most urgent first.

SELECT m.id, first.channel || ':' || first.source_no AS no, m.opened_at, m.due_at, k.name AS category,
       m.severity_now AS severity, c.code AS cell, c.name AS cell_name, m.lead_level, first.address,
       ST_X(first.geom) AS lon, ST_Y(first.geom) AS lat
FROM matter m
JOIN category k ON k.id = m.category_id
CROSS JOIN LATERAL (
    SELECT i.channel, i.source_no, i.address, i.geom, i.cell_now FROM incident i
    WHERE i.matter_id = m.id ORDER BY i.reported_at, i.channel, i.source_no LIMIT 1) AS first
JOIN cell c ON c.id = first.cell_now
JOIN beat_cell bc ON bc.cell_id = c.id AND bc.valid @> CAST(:at AS timestamptz)
JOIN beat b ON b.id = bc.beat_id
WHERE b.code = :code AND m.opened_at <= :at AND m.closed_at IS NULL
ORDER BY m.due_at NULLS LAST, m.severity_now DESC, m.opened_at
