-- Every matter as text, by the number of its first report.
WITH first AS (
    SELECT DISTINCT ON (matter_id) matter_id, channel || ':' || source_no AS no FROM incident ORDER BY matter_id, reported_at, channel, source_no)
SELECT count(*) AS count, coalesce(md5(string_agg(md5(concat_ws('|', f.no, m.opened_at AT TIME ZONE 'UTC', c.code, m.due_at AT TIME ZONE 'UTC',
    m.severity_initial, m.severity, m.severity_now, m.severity_at AT TIME ZONE 'UTC', m.lead_level, m.reached_cell AT TIME ZONE 'UTC',
    m.reached_beat AT TIME ZONE 'UTC', m.reached_community AT TIME ZONE 'UTC', m.reached_street AT TIME ZONE 'UTC',
    m.reached_district AT TIME ZONE 'UTC', m.reached_city AT TIME ZONE 'UTC', m.closed_at AT TIME ZONE 'UTC', m.steps,
    m.recorded_minutes)), '' ORDER BY f.no)), '') AS digest
FROM matter m JOIN first f ON f.matter_id = m.id LEFT JOIN cell c ON c.id = m.cell_id
