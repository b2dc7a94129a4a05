-- Sealed personal fields of the staged incidents.

INSERT INTO incident_personal (incident_id, token, phone_hash)
SELECT incident_id, token, phone_hash FROM personal
ON CONFLICT (incident_id) DO UPDATE SET token = excluded.token, phone_hash = excluded.phone_hash;
