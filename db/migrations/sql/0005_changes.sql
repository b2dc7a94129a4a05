-- Every statement that changes a matter, or what belongs to one, notes the matters in matter_change, with those that
-- a row belonged to before. Readers of the read model take the rows of transactions that they have not seen.

CREATE FUNCTION note_changed_matters() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine constant text := format('SELECT %I AS matter FROM ', TG_ARGV[0]);
    changed constant text := CASE TG_OP
        WHEN 'INSERT' THEN mine || 'after'
        WHEN 'DELETE' THEN mine || 'before'
        ELSE mine || 'before UNION ALL ' || mine || 'after' END;
BEGIN
    EXECUTE 'INSERT INTO matter_change (matters) SELECT array_agg(DISTINCT matter) FROM (' || changed
         || ') AS told HAVING count(matter) > 0';
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION note_changed_matters() FROM PUBLIC;

DO $$
DECLARE
    told record;
BEGIN
    FOR told IN SELECT * FROM (VALUES
        ('matter', 'id'), ('incident', 'matter_id'), ('step', 'matter_id'), ('closure', 'matter_id'),
        ('diversion', 'matter_id')) AS t (name, matter)
    LOOP
        EXECUTE format('CREATE TRIGGER notes_added AFTER INSERT ON %I REFERENCING NEW TABLE AS after'
            ' FOR EACH STATEMENT EXECUTE FUNCTION note_changed_matters(%L)', told.name, told.matter);
        EXECUTE format('CREATE TRIGGER notes_changed AFTER UPDATE ON %I REFERENCING OLD TABLE AS before NEW TABLE AS after'
            ' FOR EACH STATEMENT EXECUTE FUNCTION note_changed_matters(%L)', told.name, told.matter);
        EXECUTE format('CREATE TRIGGER notes_removed AFTER DELETE ON %I REFERENCING OLD TABLE AS before'
            ' FOR EACH STATEMENT EXECUTE FUNCTION note_changed_matters(%L)', told.name, told.matter);
    END LOOP;
END
$$;

-- Read by whoever builds the model; written by the triggers alone, but for the mark of what was removed.
GRANT SELECT, INSERT, DELETE ON matter_change TO beatgrid_app;
GRANT USAGE ON SEQUENCE matter_change_id_seq TO beatgrid_app;
ALTER TABLE matter_change ENABLE ROW LEVEL SECURITY;
CREATE POLICY reads ON matter_change FOR SELECT TO beatgrid_app USING ((SELECT everywhere()) AND (SELECT may('figures')));
CREATE POLICY adds ON matter_change FOR INSERT TO beatgrid_app WITH CHECK ((SELECT everywhere()) AND (SELECT may('settings')) AND matters IS NULL);
CREATE POLICY changes ON matter_change FOR UPDATE TO beatgrid_app USING (false) WITH CHECK (false);
CREATE POLICY removes ON matter_change FOR DELETE TO beatgrid_app USING ((SELECT everywhere()) AND (SELECT may('settings')));
