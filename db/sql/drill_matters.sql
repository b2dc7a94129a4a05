-- Matters of a drill as the transaction sees them: their numbers, and who holds the lead now.
SELECT m.id, i.channel || ':' || i.source_no AS number, m.lead_level, u.code AS lead_unit
FROM matter m JOIN incident i ON i.id = m.incident_id LEFT JOIN unit u ON u.id = m.lead_unit_id
WHERE m.id = ANY(CAST(:ids AS bigint[]))
