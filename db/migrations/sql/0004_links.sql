-- What stood as one matter stands on what its sources said: each later report joined the first. So said, it is
-- remembered when the whole record is linked anew. Visits and meeting lines belong to a report and follow it.

INSERT INTO matter_decision (a_incident, b_incident, same, source, actor, reason)
SELECT i.id, m.incident_id, true, 'source', 'migration', 'one matter before links were kept'
FROM incident i JOIN matter m ON m.id = i.matter_id WHERE i.id <> m.incident_id;

UPDATE visit v SET incident_id = m.incident_id FROM matter m WHERE m.id = v.matter_id;

UPDATE meeting_matter l SET incident_id = m.incident_id FROM matter m WHERE m.id = l.matter_id;

CREATE FUNCTION decisions_are_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'decisions about reports are only added, never changed or removed: add one that takes it back'
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER decisions_are_only_added BEFORE UPDATE OR DELETE ON matter_decision
    FOR EACH ROW EXECUTE FUNCTION decisions_are_only_added();
CREATE TRIGGER decisions_are_not_emptied BEFORE TRUNCATE ON matter_decision
    FOR EACH STATEMENT EXECUTE FUNCTION decisions_are_only_added();

GRANT SELECT, INSERT ON matter_decision TO beatgrid_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON shared_phone TO beatgrid_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO beatgrid_app;

DO $$
DECLARE
    of_two constant text := '((SELECT everywhere()) OR (EXISTS (SELECT FROM incident i WHERE i.id = a_incident)'
        ' AND EXISTS (SELECT FROM incident i WHERE i.id = b_incident)))';
    works constant text := '((SELECT works()) AND (SELECT everywhere()))';
    bound record;
BEGIN
    FOR bound IN
        SELECT * FROM (VALUES
            ('matter_decision', format('((SELECT may(''cases'')) AND %s)', of_two), format('((SELECT works()) AND %s)', of_two)),
            -- Whoever links acts everywhere; nobody else needs to know which numbers many share.
            ('shared_phone', works, works)
        ) AS t (name, reads, writes)
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', bound.name);
        EXECUTE format('CREATE POLICY reads ON %I FOR SELECT TO beatgrid_app USING (%s)', bound.name, bound.reads);
        EXECUTE format('CREATE POLICY adds ON %I FOR INSERT TO beatgrid_app WITH CHECK (%s)', bound.name, bound.writes);
        EXECUTE format('CREATE POLICY changes ON %I FOR UPDATE TO beatgrid_app USING (%s) WITH CHECK (%s)', bound.name, bound.writes, bound.writes);
        EXECUTE format('CREATE POLICY removes ON %I FOR DELETE TO beatgrid_app USING (%s)', bound.name, bound.writes);
    END LOOP;
END
$$;
