-- Reports that are or may be of one matter with the asked ones: those of their matters, those that share a phone and
-- group or a room and group inside the window, and those that somebody has spoken about together with them.
-- All that a row is compared with is worked out in `asked`, so that the indexes can be used under row-level security;
-- topics[category] is the number of a category's group, null for those that no catalogue has grouped.
WITH told AS MATERIALIZED (
    SELECT array_agg(g.topic ORDER BY n) AS topics FROM generate_series(1, (SELECT max(id) FROM category)) AS n
    LEFT JOIN (SELECT id, dense_rank() OVER (ORDER BY group_name) AS topic FROM category WHERE group_name <> :none) AS g
      ON g.id = n
), asked AS MATERIALIZED (
    SELECT i.id, i.matter_id, i.room, (SELECT topics FROM told)[i.category_id] AS topic, p.phone_hash AS phone,
           i.reported_at - CAST(:window AS interval) AS since, i.reported_at + CAST(:window AS interval) AS until
    FROM unnest(CAST(:ids AS bigint[])) AS u (id) JOIN incident i ON i.id = u.id
    LEFT JOIN incident_personal p ON p.incident_id = i.id AND p.phone_hash IS NOT NULL AND i.geom IS NOT NULL
         AND NOT EXISTS (SELECT FROM shared_phone s WHERE s.phone_hash = p.phone_hash)
)
SELECT i.id FROM asked a JOIN incident i ON i.matter_id = a.matter_id
UNION
SELECT i.id FROM asked a JOIN incident_personal q ON q.phone_hash = a.phone
JOIN incident i ON i.id = q.incident_id AND i.reported_at BETWEEN a.since AND a.until
     AND (SELECT topics FROM told)[i.category_id] = a.topic
UNION
SELECT i.id FROM asked a JOIN incident i ON i.room = a.room AND i.reported_at BETWEEN a.since AND a.until
     AND (SELECT topics FROM told)[i.category_id] = a.topic
UNION
SELECT d.b_incident FROM asked a JOIN matter_decision d ON d.a_incident = a.id
UNION
SELECT d.a_incident FROM asked a JOIN matter_decision d ON d.b_incident = a.id
