-- Reports go into other matters, and with each its steps, its visits and its lines of meetings.

WITH w AS (
    SELECT * FROM unnest(CAST(:reports AS bigint[]), CAST(:into AS bigint[])) AS w (incident_id, matter_id)
), incidents AS (
    UPDATE incident t SET matter_id = w.matter_id FROM w WHERE t.id = w.incident_id
), steps AS (
    UPDATE step t SET matter_id = w.matter_id FROM w WHERE t.incident_id = w.incident_id
), visits AS (
    UPDATE visit t SET matter_id = w.matter_id FROM w WHERE t.incident_id = w.incident_id
)
UPDATE meeting_matter t SET matter_id = w.matter_id FROM w WHERE t.incident_id = w.incident_id;

WITH gone AS (
    SELECT unnest(CAST(:gone AS bigint[])) AS id
), closures AS (
    DELETE FROM closure t USING gone WHERE t.matter_id = gone.id
), diversions AS (
    DELETE FROM diversion t USING gone WHERE t.matter_id = gone.id
), whistles AS (
    DELETE FROM whistle t USING gone WHERE t.matter_id = gone.id
), units AS (
    DELETE FROM matter_unit t USING gone WHERE t.matter_id = gone.id
)
DELETE FROM matter t USING gone WHERE t.id = gone.id;
