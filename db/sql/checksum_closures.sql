-- Every closure as text, by the number of its matter's first report.
WITH first AS (
    SELECT DISTINCT ON (matter_id) matter_id, channel || ':' || source_no AS no FROM incident ORDER BY matter_id, reported_at, channel, source_no)
SELECT count(*) AS count, coalesce(md5(string_agg(md5(concat_ws('|', f.no, k.closed_at AT TIME ZONE 'UTC', k.reopened_at AT TIME ZONE 'UTC')),
    '' ORDER BY f.no, k.closed_at)), '') AS digest
FROM closure k JOIN first f USING (matter_id)
