-- Candidate cells of the staged incidents that are in doubt; those whose place stays fixed keep theirs.

INSERT INTO incident_candidate (incident_id, cell_id, probability)
SELECT n.incident_id, c.cell_id, c.probability
FROM candidates c JOIN incoming n USING (line) JOIN incident i ON i.id = n.incident_id
WHERE i.ambiguous AND NOT EXISTS (SELECT FROM incident_candidate k WHERE k.incident_id = i.id);
