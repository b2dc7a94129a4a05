-- Rules that hold whoever writes: a live cell is always in a beat; handling steps are only ever added.

-- Runs as the owner on named tables, so that neither row-level security nor a temporary table can hide rows from it.
CREATE FUNCTION cell_always_in_a_beat() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    touched bigint[];
    uncovered text;
BEGIN
    IF TG_TABLE_NAME = 'cell' THEN
        touched := ARRAY[NEW.id];
    ELSIF TG_OP = 'DELETE' THEN
        touched := ARRAY[OLD.cell_id];
    ELSIF TG_OP = 'UPDATE' THEN
        touched := ARRAY[OLD.cell_id, NEW.cell_id];
    ELSE
        touched := ARRAY[NEW.cell_id];
    END IF;
    SELECT c.code INTO uncovered FROM cell c
    WHERE c.id = ANY (touched) AND NOT isempty(c.valid)
      AND NOT coalesce((SELECT range_agg(b.valid) FROM beat_cell b WHERE b.cell_id = c.id) @> c.valid, false)
    LIMIT 1;
    IF uncovered IS NOT NULL THEN
        RAISE EXCEPTION 'cell % would be in no beat for a part of its life', uncovered
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
