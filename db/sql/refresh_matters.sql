-- Write the recomputed state of the touched matters.

UPDATE matter m SET
    reached_cell = s.reached_cell, reached_beat = s.reached_beat, reached_community = s.reached_community,
    reached_street = s.reached_street, reached_district = s.reached_district, reached_city = s.reached_city,
    lead_level = s.lead_level, severity = s.severity, severity_at = s.severity_at, severity_now = s.severity_now,
    closed_at = s.closed_at, last_at = s.last_at, steps = s.steps,
    lead_unit_id = (
        SELECT l.unit_id FROM step l WHERE l.matter_id = m.id AND l.kind IN ('take_lead', 'divert_accept', 'keep')
        ORDER BY l.at DESC, l.no DESC, l.kind,
            array_position(ARRAY['cell', 'beat', 'community', 'street', 'district', 'city'], l.level) DESC,
            l.severity DESC NULLS LAST LIMIT 1),
    -- Only handling carries minutes; added in one order, so that the last digit does not depend on how files were cut.
    recorded_minutes = (
        SELECT sum(w.minutes ORDER BY w.minutes) FROM step w WHERE w.matter_id = m.id AND w.role IS NOT NULL)
FROM state s WHERE m.id = s.matter_id;

DELETE FROM closure c USING touched t WHERE c.matter_id = t.matter_id;

INSERT INTO closure (matter_id, closed_at, reopened_at) SELECT matter_id, closed_at, reopened_at FROM closing;
