-- A page of cases, newest first.
WITH RECURSIVE inside AS (
    SELECT id FROM area WHERE level = :kind AND code = :code
    UNION
    SELECT a.id FROM area a JOIN inside i ON a.parent_id = i.id
),
own AS (SELECT id FROM unit WHERE code = ANY(CAST(:units AS text[]))),
here AS (
    SELECT c.id FROM cell c JOIN inside i ON c.community_id = i.id
    UNION
    SELECT c.id FROM cell c WHERE :kind = 'cell' AND c.code = :code
    UNION
    SELECT h.cell_id FROM beat_cell h JOIN beat b ON b.id = h.beat_id LEFT JOIN unit u ON u.id = b.station_id
    WHERE h.valid @> CAST(:at AS timestamptz) AND ((:kind = 'beat' AND b.code = :code) OR (:kind = 'station' AND u.code = :code))
)
SELECT CAST(floor(extract(epoch FROM m.opened_at) * 1000000) AS bigint) || '-' || m.id AS key,
       i.channel || ':' || i.source_no AS number, m.opened_at, m.channel, k.code AS category, k.name AS category_name,
       m.severity_now, c.code AS cell, b.code AS beat, m.lead_level, l.code AS lead_unit, m.offered_level,
       o.code AS offered_unit, m.due_at, m.closed_at IS NULL AND m.due_at < :at AS overdue, m.supervised_at, m.settled_at,
       m.revisit_due_at, m.closed_at, m.grade_asked, m.tags, m.steps
FROM matter m JOIN incident i ON i.id = m.incident_id JOIN category k ON k.id = m.category_id
LEFT JOIN cell c ON c.id = m.cell_id
LEFT JOIN beat_cell held ON held.cell_id = m.cell_id AND held.valid @> m.opened_at LEFT JOIN beat b ON b.id = held.beat_id
LEFT JOIN unit l ON l.id = m.lead_unit_id LEFT JOIN unit o ON o.id = m.offered_unit_id
WHERE (:kind = '' OR m.cell_id IN (SELECT id FROM here))
  AND (CAST(:channel AS text) IS NULL OR m.channel = :channel)
  AND (CAST(:category AS text) IS NULL OR k.code = :category OR k.group_name = :category)
  AND (CAST(:tag AS text) IS NULL OR :tag = ANY (m.tags))
  AND (CAST(:since AS timestamptz) IS NULL OR m.opened_at >= :since)
  AND (CAST(:until AS timestamptz) IS NULL OR m.opened_at < :until)
  AND CASE CAST(:state AS text)
      WHEN 'open' THEN m.closed_at IS NULL
      WHEN 'overdue' THEN m.closed_at IS NULL AND m.due_at < :at
      WHEN 'closed' THEN m.closed_at IS NOT NULL
      WHEN 'revisit_due' THEN m.revisit_due_at IS NOT NULL
      WHEN 'mine' THEN m.closed_at IS NULL AND (
          m.lead_unit_id IN (SELECT id FROM own) OR m.offered_unit_id IN (SELECT id FROM own)
          OR EXISTS (SELECT FROM whistle w WHERE w.matter_id = m.id AND w.attended_at IS NULL AND w.unit_id IN (SELECT id FROM own)))
      ELSE true END
  AND (CAST(:opened_at AS timestamptz) IS NULL OR (m.opened_at, m.id) < (CAST(:opened_at AS timestamptz), CAST(:matter AS bigint)))
ORDER BY m.opened_at DESC, m.id DESC LIMIT :limit
