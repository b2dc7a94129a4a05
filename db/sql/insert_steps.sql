-- New handling steps of the staged chunk.

INSERT INTO step (
    incident_id, matter_id, no, at, kind, level, unit_id, officer_id, role, severity, minutes, result, detail, note,
    content_hash, run_id)
SELECT
    incident_id, matter_id, no, at, kind, level, unit_id, officer_id, role, severity, minutes, result, CAST(detail AS jsonb), note,
    content_hash, CAST(:run AS bigint)
FROM incoming ORDER BY incident_id, no;
