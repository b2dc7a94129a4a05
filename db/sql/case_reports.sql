-- The reports of one matter in order, their personal fields sealed. kind: the first; a duplicate, made before the
-- matter was first settled or closed; or a repeat, made since: it came back 回流.
SELECT i.channel || ':' || i.source_no AS number, i.channel, i.source_no, i.reported_at, k.code AS category, i.address,
       p.token,
       CASE WHEN row_number() OVER in_order = 1 THEN 'first'
            WHEN i.reported_at >= (SELECT min(s.at) FROM step s WHERE s.matter_id = :matter AND s.kind IN ('settle', 'close'))
            THEN 'repeat' ELSE 'duplicate' END AS kind
FROM incident i JOIN category k ON k.id = i.category_id LEFT JOIN incident_personal p ON p.incident_id = i.id
WHERE i.matter_id = :matter
WINDOW in_order AS (ORDER BY i.reported_at, i.channel COLLATE "C", i.source_no COLLATE "C")
ORDER BY i.reported_at, i.channel COLLATE "C", i.source_no COLLATE "C"
