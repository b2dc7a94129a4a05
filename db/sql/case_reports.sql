-- The reports of one matter in order, their personal fields sealed.
SELECT i.channel || ':' || i.source_no AS number, i.channel, i.source_no, i.reported_at, k.code AS category, i.address,
       p.token
FROM incident i JOIN category k ON k.id = i.category_id LEFT JOIN incident_personal p ON p.incident_id = i.id
WHERE i.matter_id = :matter ORDER BY i.reported_at, i.channel, i.source_no
