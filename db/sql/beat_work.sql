-- What a beat has to do at an instant: open matters of its cells, and settled ones whose revisit is due by :until.
-- Step by step from the beat's few cells, since the planner cannot know how few they are.

WITH held AS MATERIALIZED (
    SELECT c.id, c.code, c.name
    FROM beat b JOIN beat_cell bc ON bc.beat_id = b.id AND bc.valid @> CAST(:at AS timestamptz) JOIN cell c ON c.id = bc.cell_id
    WHERE b.code = :beat
),
reported AS MATERIALIZED (
    SELECT DISTINCT i.matter_id FROM incident i WHERE i.cell_now = ANY (ARRAY(SELECT id FROM held))
),
waiting AS MATERIALIZED (
    SELECT m.* FROM reported r JOIN matter m ON m.id = r.matter_id
    WHERE m.opened_at <= :at AND (m.closed_at IS NULL OR (m.revisit_due_at > :lapsed AND m.revisit_due_at <= :until))
)
SELECT m.id, first.channel || ':' || first.source_no AS number, m.steps, m.incident_id, m.channel, m.cell_id,
       m.severity_initial, m.opened_at, m.due_at, m.closed_at, m.settled_at, m.revisit_due_at, m.supervised_at, m.tags,
       m.severity_now AS severity, m.lead_level, u.name AS lead_unit_name, k.code AS category, k.name AS category_name,
       k.police, c.code AS cell, c.name AS cell_name, first.address, ST_X(first.geom) AS lon, ST_Y(first.geom) AS lat
FROM waiting m
JOIN category k ON k.id = m.category_id
CROSS JOIN LATERAL (
    SELECT i.channel, i.source_no, i.address, i.geom, i.cell_now FROM incident i
    WHERE i.matter_id = m.id ORDER BY i.reported_at, i.channel, i.source_no LIMIT 1) AS first
JOIN held c ON c.id = first.cell_now
LEFT JOIN unit u ON u.id = m.lead_unit_id
ORDER BY m.due_at NULLS LAST, m.severity_now DESC, m.opened_at, number
