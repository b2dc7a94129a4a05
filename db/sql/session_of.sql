-- Who holds a session's token now: its account, or the token of a wall.

SELECT s.id AS session, s.seen_at, a.id AS account, coalesce(a.name, t.kind || ' ' || t.name) AS name,
       coalesce(a.roles, ARRAY[t.kind]) AS roles, coalesce(a.places, t.places) AS places, o.code AS officer,
       t.channel, coalesce(a.must_change, false) AS must_change
FROM session s
LEFT JOIN account a ON a.id = s.account_id
LEFT JOIN officer o ON o.id = a.officer_id
LEFT JOIN token t ON t.id = s.token_id
WHERE s.token_hash = :hash AND s.ended_at IS NULL AND s.expires_at > :now
  AND (t.id IS NOT NULL AND t.revoked_at IS NULL OR a.active AND s.seen_at > :idle_since)
  AND (a.id IS NULL OR NOT a.demo OR (SELECT synthetic FROM city))
