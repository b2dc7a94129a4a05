-- Every handling step as text, by incident and number.
SELECT count(*) AS count, coalesce(md5(string_agg(md5(concat_ws('|', i.channel, i.source_no, s.no, encode(s.content_hash, 'hex'),
    s.level, s.role)), '' ORDER BY i.channel, i.source_no, s.no)), '') AS digest
FROM step s JOIN incident i ON i.id = s.incident_id
