-- Row-level security by right and place. A transaction says who acts (beatgrid.actor), in which roles (beatgrid.roles),
-- where (beatgrid.places: * or KIND:CODE, comma between) and, for a feed, through which channel (beatgrid.channel).
-- Rights hang on roles in role_right, so that naming a role is all that the application can do.

INSERT INTO role_right (role, holds) VALUES
    ('wall', 'figures'),
    ('officer', 'cases'),
    ('officer', 'figures'),
    ('officer', 'people'),
    ('officer', 'unmask'),
    ('officer', 'work'),
    ('grid_worker', 'cases'),
    ('grid_worker', 'figures'),
    ('grid_worker', 'people'),
    ('grid_worker', 'work'),
    ('planner', 'cases'),
    ('planner', 'export'),
    ('planner', 'figures'),
    ('planner', 'people'),
    ('planner', 'plan'),
    ('planner', 'roster'),
    ('approver', 'approve_grade'),
    ('approver', 'approve_plan'),
    ('approver', 'cases'),
    ('approver', 'export'),
    ('approver', 'figures'),
    ('approver', 'people'),
    ('approver', 'roster'),
    ('approver', 'supervise'),
    ('approver', 'unmask'),
    ('analyst', 'cases'),
    ('analyst', 'export'),
    ('analyst', 'figures'),
    ('loader', 'cases'),
    ('loader', 'figures'),
    ('loader', 'load'),
    ('admin', 'accounts'),
    ('admin', 'audit'),
    ('admin', 'figures'),
    ('admin', 'people'),
    ('admin', 'settings'),
    ('feed', 'changes'),
    ('feed', 'push'),
    ('door', 'sign_in'),
    ('operator', 'accounts'),
    ('operator', 'approve_grade'),
    ('operator', 'approve_plan'),
    ('operator', 'audit'),
    ('operator', 'cases'),
    ('operator', 'changes'),
    ('operator', 'export'),
    ('operator', 'figures'),
    ('operator', 'load'),
    ('operator', 'people'),
    ('operator', 'plan'),
    ('operator', 'push'),
    ('operator', 'roster'),
    ('operator', 'settings'),
    ('operator', 'supervise'),
    ('operator', 'unmask'),
    ('operator', 'work');

CREATE FUNCTION acts() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(current_setting('beatgrid.actor', true), '') <> ''
$$;

CREATE FUNCTION may(wanted text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT acts() AND EXISTS (
        SELECT FROM role_right r
        WHERE r.role = ANY (string_to_array(current_setting('beatgrid.roles', true), ',')) AND r.holds = wanted)
$$;

CREATE FUNCTION everywhere() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT '*' = ANY (string_to_array(coalesce(current_setting('beatgrid.places', true), ''), ','))
$$;

CREATE FUNCTION own_channel() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('beatgrid.channel', true), '')
$$;

-- Adds steps: whoever handles, supervises, grades or loads.
CREATE FUNCTION works() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT may('work') OR may('load') OR may('supervise') OR may('approve_grade')
$$;

-- Cells that the places of the transaction hold now, and those that these were drawn from.
CREATE FUNCTION scope_cells() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH RECURSIVE place AS (
        SELECT split_part(p, ':', 1) AS kind, substr(p, strpos(p, ':') + 1) AS code
        FROM unnest(string_to_array(coalesce(current_setting('beatgrid.places', true), ''), ',')) AS p
    ),
    inside AS (
        SELECT a.id FROM area a JOIN place p ON p.kind = a.level AND p.code = a.code
        UNION
        SELECT a.id FROM area a JOIN inside i ON a.parent_id = i.id
    ),
    held AS (
        SELECT c.id FROM cell c JOIN inside i ON c.community_id = i.id
        UNION
        SELECT c.id FROM cell c JOIN place p ON p.kind = 'cell' AND p.code = c.code
        UNION
        SELECT bc.cell_id FROM beat_cell bc JOIN beat b ON b.id = bc.beat_id LEFT JOIN unit u ON u.id = b.station_id
        JOIN place p ON (p.kind = 'beat' AND p.code = b.code) OR (p.kind = 'station' AND p.code = u.code)
        WHERE bc.valid @> now()
    ),
    drawn AS (
        SELECT id FROM held
        UNION
        SELECT l.parent_id FROM cell_lineage l JOIN drawn d ON l.child_id = d.id
    )
    SELECT coalesce(array_agg(id), '{}') FROM drawn
$$;

-- Matters in which a unit of the transaction's places has a part, wherever they lie.
CREATE FUNCTION scope_matters() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT m.matter_id), '{}')
    FROM matter_unit m JOIN unit u ON u.id = m.unit_id
    JOIN unnest(string_to_array(coalesce(current_setting('beatgrid.places', true), ''), ',')) AS p
      ON split_part(p, ':', 1) IN ('unit', 'station') AND substr(p, strpos(p, ':') + 1) = u.code
$$;

-- The last row of the audit, which the next one is sealed to; whoever writes need not be able to read.
CREATE FUNCTION audit_tail(OUT no bigint, OUT seal bytea) LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.no, a.seal FROM audit a ORDER BY a.no DESC LIMIT 1
$$;

CREATE FUNCTION audit_is_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is only added to, never changed or removed' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER audit_is_only_added BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_is_only_added();
CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_is_only_added();

GRANT SELECT, INSERT, UPDATE ON role_right, account, session, token, audit, holiday, matter_unit, diversion, whistle, shift,
    absence, visit, register_count, meeting, meeting_matter, plate TO beatgrid_app;
GRANT DELETE ON holiday, matter_unit, diversion, whistle, shift, absence, meeting_matter TO beatgrid_app;
REVOKE INSERT, UPDATE ON role_right FROM beatgrid_app;
REVOKE UPDATE ON audit FROM beatgrid_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO beatgrid_app;

DO $$
DECLARE
    whole constant text := '(SELECT everywhere())';
    seen constant text := '(((SELECT everywhere()) AND (SELECT may(''figures''))) OR EXISTS (SELECT FROM matter m WHERE m.id = matter_id))';
    of_incident constant text := '((SELECT everywhere()) OR EXISTS (SELECT FROM incident i WHERE i.id = incident_id))';
    in_cell constant text := '((SELECT everywhere()) OR cell_id = ANY ((SELECT scope_cells())::bigint[]))';
    mine constant text := '(((SELECT may(''push'')) OR (SELECT may(''changes''))) AND channel = (SELECT own_channel()))';
    works constant text := '(SELECT works())';
    loads constant text := '((SELECT may(''load'')) OR (SELECT may(''settings'')))';
    draws constant text := '((SELECT may(''load'')) OR (SELECT may(''settings'')) OR (SELECT may(''plan'')) OR (SELECT may(''approve_plan'')))';
    signs constant text := '((SELECT may(''accounts'')) OR (SELECT may(''sign_in'')))';
    bound record;
BEGIN
    FOR bound IN
        SELECT * FROM (VALUES
            ('area', '(SELECT acts())', draws),
            ('beat', '(SELECT acts())', draws),
            ('cell', '(SELECT acts())', draws),
            ('cell_lineage', '(SELECT acts())', draws),
            ('beat_cell', '(SELECT acts())', draws),
            ('backdrop', '(SELECT acts())', loads),
            ('ladder_rung', '(SELECT acts())', loads),
            ('unit', '(SELECT acts())', loads),
            ('holiday', '(SELECT acts())', loads),
            ('role_right', '(SELECT acts())', 'false'),
            ('city', '(SELECT acts())', format('(%s OR %s OR (SELECT may(''push'')) OR (SELECT may(''roster'')))', draws, works)),
            ('category', '(SELECT acts())', format('(%s OR %s OR (SELECT may(''push'')))', loads, works)),
            ('channel', '(SELECT acts())', format('(%s OR %s)', loads, works)),
            ('address', '(SELECT acts())', format('(%s OR %s)', loads, works)),
            ('plate', '(SELECT acts())', format('(%s OR (%s AND %s))', loads, works, in_cell)),
            ('officer', '((SELECT may(''cases'')) OR (SELECT may(''people'')) OR (SELECT may(''roster'')) OR (SELECT may(''accounts''))'
             ' OR (SELECT may(''sign_in'')))', loads),
            ('posting', '((SELECT may(''figures'')) OR (SELECT may(''people'')))', format('(%s OR (SELECT may(''approve_plan'')))', loads)),
            ('shift', '((SELECT may(''figures'')) OR (SELECT may(''people'')))', format('(%s OR (SELECT may(''roster'')))', loads)),
            ('absence', '((SELECT may(''figures'')) OR (SELECT may(''people'')))', format('(%s OR (SELECT may(''roster'')))', loads)),
            ('matter',
             format('(((SELECT may(''figures'')) AND (%s OR cell_id = ANY ((SELECT scope_cells())::bigint[])'
                    ' OR id = ANY ((SELECT scope_matters())::bigint[]))) OR %s)', whole, mine),
             format('(%s AND (%s OR cell_id = ANY ((SELECT scope_cells())::bigint[])'
                    ' OR id = ANY ((SELECT scope_matters())::bigint[])))', works, whole)),
            ('incident',
             format('(((SELECT may(''figures'')) AND (%s OR cell_then = ANY ((SELECT scope_cells())::bigint[])'
                    ' OR cell_now = ANY ((SELECT scope_cells())::bigint[])'
                    ' OR EXISTS (SELECT FROM matter m WHERE m.id = matter_id))) OR %s)', whole, mine),
             format('(%s AND (%s OR cell_then = ANY ((SELECT scope_cells())::bigint[])'
                    ' OR cell_now = ANY ((SELECT scope_cells())::bigint[])'
                    ' OR EXISTS (SELECT FROM matter m WHERE m.id = matter_id)))', works, whole)),
            ('source_key', format('((SELECT may(''cases'')) AND %s OR %s)', of_incident, mine), format('(%s AND %s)', works, of_incident)),
            ('incident_personal', format('((SELECT may(''cases'')) AND %s)', of_incident), format('(%s AND %s)', works, of_incident)),
            ('incident_candidate', format('((SELECT may(''figures'')) AND %s OR EXISTS (SELECT FROM incident i WHERE i.id = incident_id))', whole), format('(%s AND %s)', works, of_incident)),
            ('step', seen, format('(%s AND %s)', works, seen)),
            ('closure', seen, format('(%s AND %s)', works, seen)),
            ('matter_unit', seen, format('(%s AND %s)', works, seen)),
            ('diversion', seen, format('(%s AND %s)', works, seen)),
            ('whistle', seen, format('(%s AND %s)', works, seen)),
            ('visit', format('((SELECT may(''figures'')) AND (%s OR actor = current_setting(''beatgrid.actor'', true)))', in_cell),
             format('(%s AND (%s OR cell_id IS NULL))', works, in_cell)),
            ('register_count', format('((SELECT may(''figures'')) AND %s)', in_cell), format('(%s AND %s)', works, in_cell)),
            ('meeting', format('((SELECT may(''figures'')) AND (%s OR EXISTS (SELECT FROM beat_cell bc WHERE bc.beat_id = meeting.beat_id'
                    ' AND bc.cell_id = ANY ((SELECT scope_cells())::bigint[]))))', whole),
             format('(%s AND (%s OR EXISTS (SELECT FROM beat_cell bc WHERE bc.beat_id = meeting.beat_id'
                    ' AND bc.cell_id = ANY ((SELECT scope_cells())::bigint[]))))', works, whole)),
            ('meeting_matter', seen, format('(%s AND %s)', works, seen)),
            ('load_run', '((SELECT may(''figures'')) OR (SELECT may(''load'')) OR (SELECT may(''push'')))',
             '((SELECT may(''load'')) OR (SELECT may(''work'')) OR (SELECT may(''push'')))'),
            ('rejected_row', '(SELECT may(''load''))', '(SELECT may(''load''))'),
            ('account', format('(%s OR (acts() AND name = current_setting(''beatgrid.actor'', true)))', signs), signs),
            ('session', signs, signs),
            ('token', signs, signs)
        ) AS t (name, reads, writes)
    LOOP
        EXECUTE format('DROP POLICY IF EXISTS somebody_acts ON %I', bound.name);
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', bound.name);
        EXECUTE format('CREATE POLICY reads ON %I FOR SELECT TO beatgrid_app USING (%s)', bound.name, bound.reads);
        EXECUTE format('CREATE POLICY adds ON %I FOR INSERT TO beatgrid_app WITH CHECK (%s)', bound.name, bound.writes);
        EXECUTE format('CREATE POLICY changes ON %I FOR UPDATE TO beatgrid_app USING (%s) WITH CHECK (%s)', bound.name, bound.writes, bound.writes);
        EXECUTE format('CREATE POLICY removes ON %I FOR DELETE TO beatgrid_app USING (%s)', bound.name, bound.writes);
    END LOOP;
    ALTER TABLE audit ENABLE ROW LEVEL SECURITY;
    CREATE POLICY reads ON audit FOR SELECT TO beatgrid_app USING ((SELECT may('audit')));
    CREATE POLICY adds ON audit FOR INSERT TO beatgrid_app WITH CHECK ((SELECT acts()) AND actor = current_setting('beatgrid.actor', true));
END
$$;
