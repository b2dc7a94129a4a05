-- What is known of one matter.
SELECT first.channel || ':' || first.source_no AS number, m.steps, m.channel, h.name_zh AS channel_name, k.code AS category,
       k.name AS category_name, k.police, k.lead_department, m.opened_at, m.due_at, k.deadline_hours, k.deadline_clock,
       m.severity_initial, m.severity, m.severity_now, m.severity_at, m.grade_asked, m.lead_level, l.code AS lead_unit,
       l.name AS lead_unit_name, m.offered_level, o.code AS offered_unit, o.name AS offered_unit_name, m.reached_cell,
       m.reached_beat, m.reached_community, m.reached_street, m.reached_district, m.reached_city, m.settled_at,
       m.revisit_due_at, m.supervised_at, m.closed_at, m.last_at, m.satisfaction, m.tags, m.recorded_minutes,
       c.code AS cell, c.name AS cell_name, b.code AS beat, b.name AS beat_name, s.code AS station, first.address,
       ST_X(first.geom) AS lon, ST_Y(first.geom) AS lat, first.placed_by, first.ambiguous,
       (SELECT max(i.reported_at) FROM incident i WHERE i.matter_id = m.id AND i.id <> m.incident_id AND i.reported_at >= (
            SELECT min(s.at) FROM step s WHERE s.matter_id = m.id AND s.kind IN ('settle', 'close'))) AS came_back_at
FROM matter m JOIN incident first ON first.id = m.incident_id JOIN category k ON k.id = m.category_id
JOIN channel h ON h.code = m.channel LEFT JOIN cell c ON c.id = m.cell_id
LEFT JOIN beat_cell held ON held.cell_id = m.cell_id AND held.valid @> m.opened_at
LEFT JOIN beat b ON b.id = held.beat_id LEFT JOIN unit s ON s.id = b.station_id
LEFT JOIN unit l ON l.id = m.lead_unit_id LEFT JOIN unit o ON o.id = m.offered_unit_id
WHERE m.id = :matter
