-- Matters that a beat's meeting should speak about: open ones in its cells, and settled ones whose revisit falls due.
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
    WHERE m.opened_at <= :at AND (m.closed_at IS NULL OR (m.revisit_due_at > :lapsed AND m.revisit_due_at <= :next))
)
SELECT first.channel || ':' || first.source_no AS no, m.opened_at, m.due_at, m.closed_at, m.revisit_due_at,
       k.name AS category, m.severity_now AS severity, c.code AS cell, c.name AS cell_name, m.lead_level, m.tags,
       m.supervised_at, first.address, told.reports, told.recent,
       (SELECT max(h.at) FROM meeting_matter mm JOIN meeting h ON h.id = mm.meeting_id
        WHERE mm.matter_id = m.id AND h.at <= :at) AS spoken_at
FROM waiting m
JOIN category k ON k.id = m.category_id
CROSS JOIN LATERAL (
    SELECT i.channel, i.source_no, i.address, i.cell_now FROM incident i
    WHERE i.matter_id = m.id ORDER BY i.reported_at, i.channel, i.source_no LIMIT 1) AS first
CROSS JOIN LATERAL (
    SELECT count(*) AS reports, count(*) FILTER (WHERE i.reported_at > CAST(:at AS timestamptz) - interval '30 days') AS recent
    FROM incident i WHERE i.matter_id = m.id AND i.reported_at <= :at) AS told
JOIN held c ON c.id = first.cell_now
ORDER BY m.due_at NULLS LAST, m.severity_now DESC, m.opened_at, no
