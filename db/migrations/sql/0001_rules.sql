-- Rules that hold whoever writes: a live cell is always in a beat; handling steps are only ever added.

CREATE FUNCTION cell_always_in_a_beat() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    checked bigint;
    life tstzrange;
    cell_code text;
    held tstzmultirange;
BEGIN
    IF TG_TABLE_NAME = 'cell' THEN
        checked := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN
        checked := OLD.cell_id;
    ELSE
        checked := NEW.cell_id;
    END IF;
    SELECT valid, code INTO life, cell_code FROM cell WHERE id = checked;
    IF life IS NULL OR isempty(life) THEN
        RETURN NULL;
    END IF;
    SELECT range_agg(valid) INTO held FROM beat_cell WHERE cell_id = checked;
    IF held IS NULL OR NOT held @> life THEN
        RAISE EXCEPTION 'cell % would be in no beat for a part of its life', cell_code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cell_always_in_a_beat';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER cell_always_in_a_beat AFTER INSERT OR UPDATE OF valid ON cell
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cell_always_in_a_beat();
CREATE CONSTRAINT TRIGGER cell_always_in_a_beat AFTER INSERT OR UPDATE OR DELETE ON beat_cell
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cell_always_in_a_beat();

CREATE FUNCTION steps_are_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A step may follow its incident into another matter; nothing else about it ever changes.
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'matter_id' = to_jsonb(OLD) - 'matter_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'handling steps are only added, never changed or removed: add a step that corrects'
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER steps_are_only_added BEFORE UPDATE OR DELETE ON step
    FOR EACH ROW EXECUTE FUNCTION steps_are_only_added();
CREATE TRIGGER steps_are_not_emptied BEFORE TRUNCATE ON step
    FOR EACH STATEMENT EXECUTE FUNCTION steps_are_only_added();
