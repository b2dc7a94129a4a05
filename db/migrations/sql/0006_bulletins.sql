-- Who reads a bulletin: whoever may see figures and whose places hold every cell of its place. Issuing is a supervisor's.

-- Cells that a place (KIND:CODE) holds now.
CREATE FUNCTION cells_of(place text) RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH RECURSIVE named AS (
        SELECT split_part(place, ':', 1) AS kind, substr(place, strpos(place, ':') + 1) AS code
    ),
    inside AS (
        SELECT a.id FROM area a JOIN named n ON n.kind = a.level AND n.code = a.code
        UNION
        SELECT a.id FROM area a JOIN inside i ON a.parent_id = i.id
    ),
    held AS (
        SELECT c.id FROM cell c JOIN inside i ON c.community_id = i.id WHERE c.valid @> now()
        UNION
        SELECT bc.cell_id FROM beat_cell bc JOIN beat b ON b.id = bc.beat_id LEFT JOIN unit u ON u.id = b.station_id
        JOIN named n ON (n.kind = 'beat' AND n.code = b.code) OR (n.kind = 'station' AND n.code = u.code)
        WHERE bc.valid @> now()
    )
    SELECT coalesce(array_agg(id), '{}') FROM held
$$;

CREATE FUNCTION issued_is_issued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an issued bulletin is never changed or removed: issue another one' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER issued_is_issued BEFORE UPDATE OR DELETE ON bulletin FOR EACH ROW EXECUTE FUNCTION issued_is_issued();
CREATE TRIGGER issued_is_not_emptied BEFORE TRUNCATE ON bulletin FOR EACH STATEMENT EXECUTE FUNCTION issued_is_issued();

GRANT SELECT, INSERT ON bulletin TO beatgrid_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO beatgrid_app;

ALTER TABLE bulletin ENABLE ROW LEVEL SECURITY;
CREATE POLICY reads ON bulletin FOR SELECT TO beatgrid_app USING (
    (SELECT may('figures'))
    AND ((SELECT everywhere()) OR (cells_of(place) <> '{}' AND cells_of(place) <@ (SELECT scope_cells())::bigint[])));
CREATE POLICY adds ON bulletin FOR INSERT TO beatgrid_app WITH CHECK (
    (SELECT may('supervise')) AND issued_by = current_setting('beatgrid.actor', true)
    AND ((SELECT everywhere()) OR (cells_of(place) <> '{}' AND cells_of(place) <@ (SELECT scope_cells())::bigint[])));
CREATE POLICY changes ON bulletin FOR UPDATE TO beatgrid_app USING (false) WITH CHECK (false);
CREATE POLICY removes ON bulletin FOR DELETE TO beatgrid_app USING (false);
