DO $$
DECLARE
    told record;
BEGIN
    FOR told IN SELECT tgrelid::regclass AS name, tgname FROM pg_trigger
        WHERE tgname IN ('notes_added', 'notes_changed', 'notes_removed') AND NOT tgisinternal
    LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', told.tgname, told.name);
    END LOOP;
END
$$;
DROP FUNCTION note_changed_matters();
