-- Write the recomputed state of the touched matters, and their lines in the ledgers.

UPDATE matter m SET
    reached_cell = s.reached_cell, reached_beat = s.reached_beat, reached_community = s.reached_community,
    reached_street = s.reached_street, reached_district = s.reached_district, reached_city = s.reached_city,
    lead_level = s.lead_level, severity = s.severity, severity_at = s.severity_at, severity_now = s.severity_now,
    closed_at = s.closed_at, last_at = s.last_at, steps = s.steps,
    lead_unit_id = (SELECT u.id FROM unit u WHERE u.code = s.lead_unit),
    offered_level = s.offered_level, offered_unit_id = (SELECT u.id FROM unit u WHERE u.code = s.offered_unit),
    grade_asked = s.grade_asked, settled_at = s.settled_at, revisit_due_at = s.revisit_due_at,
    supervised_at = s.supervised_at, satisfaction = s.satisfaction,
    tags = ARRAY(SELECT t.tag FROM tagging t WHERE t.matter_id = m.id ORDER BY t.tag COLLATE "C"),
    -- Only handling carries minutes; added in one order, so that the last digit does not depend on how files were cut.
    recorded_minutes = (
        SELECT sum(w.minutes ORDER BY w.minutes) FROM step w WHERE w.matter_id = m.id AND w.role IS NOT NULL)
FROM state s WHERE m.id = s.matter_id;

DELETE FROM closure c USING touched t WHERE c.matter_id = t.matter_id;

INSERT INTO closure (matter_id, closed_at, reopened_at) SELECT matter_id, closed_at, reopened_at FROM closing;

DELETE FROM diversion d USING touched t WHERE d.matter_id = t.matter_id;

INSERT INTO diversion (matter_id, sent_at, step_no, from_unit_id, to_unit_id, accepted_at, bounced_at, done_at, kept)
SELECT d.matter_id, d.sent_at, d.no, f.id, r.id, d.accepted_at, d.bounced_at, d.done_at, d.kept
FROM diverting d LEFT JOIN unit f ON f.code = d.from_unit LEFT JOIN unit r ON r.code = d.to_unit;

DELETE FROM whistle w USING touched t WHERE w.matter_id = t.matter_id;

INSERT INTO whistle (matter_id, at, step_no, unit_id, report_by, attended_at)
SELECT w.matter_id, w.at, w.no, u.id, w.report_by, w.attended_at FROM whistling w JOIN unit u ON u.code = w.unit;

-- New parts before old ones go: whoever sees the matter by a part may be the one who writes.
INSERT INTO matter_unit (matter_id, unit_id, part)
SELECT p.matter_id, u.id, p.part FROM taking_part p JOIN unit u ON u.code = p.unit
ON CONFLICT DO NOTHING;

DELETE FROM matter_unit o USING touched t
WHERE o.matter_id = t.matter_id AND NOT EXISTS (
    SELECT FROM taking_part p JOIN unit u ON u.code = p.unit
    WHERE p.matter_id = o.matter_id AND u.id = o.unit_id AND p.part = o.part);
