-- The steps of one matter in order, their notes sealed.
SELECT s.no, s.at, s.kind, s.level, u.code AS unit, u.name AS unit_name, o.code AS officer, s.role, s.severity, s.minutes,
       s.result, s.detail, s.actor, s.recorded_at, i.channel || ':' || i.source_no AS report, s.note
FROM step s JOIN incident i ON i.id = s.incident_id LEFT JOIN unit u ON u.id = s.unit_id
LEFT JOIN officer o ON o.id = s.officer_id
WHERE s.matter_id = :matter ORDER BY s.at, s.no, s.id
