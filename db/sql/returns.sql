-- What became of a channel's reports: one row a report, nothing personal, no free text.

SELECT
    i.source_no AS number, i.reported_at, c.code AS category,
    CASE WHEN m.closed_at IS NOT NULL THEN 'closed' WHEN m.settled_at IS NOT NULL THEN 'settled'
         WHEN m.lead_level IS NOT NULL THEN 'handling' ELSE 'registered' END AS state,
    m.severity_now AS severity,
    CASE WHEN m.reached_city IS NOT NULL THEN 'city' WHEN m.reached_district IS NOT NULL THEN 'district'
         WHEN m.reached_street IS NOT NULL THEN 'street' WHEN m.reached_community IS NOT NULL THEN 'community'
         WHEN m.reached_beat IS NOT NULL THEN 'beat' WHEN m.reached_cell IS NOT NULL THEN 'cell' END AS level_reached,
    CASE WHEN m.closed_at IS NOT NULL THEN ended.how END AS how, m.satisfaction, m.closed_at,
    latest.kind AS last_step, latest.at AS last_step_at
FROM incident i
JOIN matter m ON m.id = i.matter_id
JOIN category c ON c.id = i.category_id
LEFT JOIN LATERAL (
    SELECT s.detail ->> 'how' AS how FROM step s
    WHERE s.matter_id = m.id AND s.kind = 'close' ORDER BY s.at DESC, s.no DESC LIMIT 1
) ended ON true
LEFT JOIN LATERAL (
    SELECT s.kind, s.at FROM step s WHERE s.matter_id = m.id ORDER BY s.at DESC, s.no DESC, s.id DESC LIMIT 1
) latest ON true
WHERE i.channel = :channel
  AND (CAST(:since AS timestamptz) IS NULL OR greatest(i.reported_at, m.last_at) >= CAST(:since AS timestamptz))
ORDER BY i.reported_at, i.id
