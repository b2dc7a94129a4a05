-- Sessions that still last, newest first; of one account when named.

SELECT s.id, coalesce(a.name, t.kind || ' ' || t.name) AS account, s.created_at, s.seen_at, s.expires_at, s.address,
       s.agent
FROM session s LEFT JOIN account a ON a.id = s.account_id LEFT JOIN token t ON t.id = s.token_id
WHERE s.ended_at IS NULL AND s.expires_at > now() AND t.revoked_at IS NULL
  AND (CAST(:account AS text) IS NULL OR a.name = :account)
ORDER BY s.created_at DESC, s.id DESC
