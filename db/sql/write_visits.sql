-- New visits of the staged chunk, then those that say something else now.

INSERT INTO visit (
    source, source_no, at, officer_id, cell_id, matter_id, incident_id, kind, count, records, minutes, address, note, content_hash,
    run_id)
SELECT source, source_no, at, officer_id, cell_id, matter_id, incident_id, kind, count, records, minutes, address, note,
       content_hash, CAST(:run AS bigint)
FROM visited ORDER BY line
ON CONFLICT (source, source_no) DO NOTHING;

UPDATE visit v SET
    at = n.at, officer_id = n.officer_id, cell_id = n.cell_id, matter_id = n.matter_id,
    incident_id = n.incident_id, kind = n.kind, count = n.count,
    records = n.records, minutes = n.minutes, address = n.address, note = n.note, content_hash = n.content_hash,
    run_id = CAST(:run AS bigint), recorded_at = now(), actor = coalesce(nullif(current_setting('beatgrid.actor', true), ''), 'unknown')
FROM visited n WHERE v.source = n.source AND v.source_no = n.source_no AND v.content_hash <> n.content_hash;
