-- Of each channel its last report, the run that brought it, whether it is pushed, and the longest silence between two
-- of its reports in the eight weeks before the record's newest: the rhythm by which its lateness is judged.
WITH newest AS (SELECT max(reported_at) AS at FROM incident),
recent AS (
    SELECT i.channel, i.reported_at, i.run_id,
        i.reported_at - lag(i.reported_at) OVER (PARTITION BY i.channel ORDER BY i.reported_at) AS gap
    FROM incident i, newest WHERE i.reported_at > newest.at - interval '56 days'),
told AS (
    SELECT channel, max(reported_at) AS at, max(run_id) AS run, max(gap) AS gap FROM recent GROUP BY channel)
SELECT c.code AS channel, c.name_zh AS name, c.name_en, coalesce(t.at, o.reported_at) AS last_reported_at,
    coalesce(r.finished_at, r.started_at) AS last_loaded_at, coalesce(r.kind = 'push', false) AS pushed,
    extract(epoch FROM t.gap)::float8 AS longest_gap_s
FROM channel c
LEFT JOIN told t ON t.channel = c.code
-- Only channels that fell silent are sought further back, and none that never said anything.
LEFT JOIN LATERAL (
    SELECT i.reported_at, i.run_id FROM incident i
    WHERE t.channel IS NULL AND i.channel = c.code AND EXISTS (SELECT FROM source_key k WHERE k.channel = c.code)
    ORDER BY i.reported_at DESC LIMIT 1) o ON true
LEFT JOIN load_run r ON r.id = coalesce(t.run, o.run_id)
WHERE coalesce(t.at, o.reported_at) IS NOT NULL
ORDER BY 4 DESC, c.code
