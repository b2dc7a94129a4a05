-- Plans are seen and made by whoever may plan or approve, within their places; notices by whoever sees the beat.

-- Whether a place lies wholly within the places of the transaction; no place at all is the whole city.
CREATE FUNCTION covers(place text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT everywhere() OR (place IS NOT NULL AND cells_of(place) <> '{}' AND cells_of(place) <@ scope_cells())
$$;

-- How many plans a year has so far, whoever may see them: codes are never given twice.
CREATE FUNCTION plans_of(year text) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*) FROM plan WHERE code LIKE 'P' || year || '-%'
$$;

GRANT SELECT, INSERT, UPDATE ON plan TO beatgrid_app;
GRANT SELECT, INSERT ON plan_edit, plan_event, notice TO beatgrid_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON cell_link TO beatgrid_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO beatgrid_app;

DO $$
DECLARE
    plans constant text := '((SELECT may(''plan'')) OR (SELECT may(''approve_plan'')))';
    of_plan constant text := 'EXISTS (SELECT FROM plan p WHERE p.id = plan_id)';
    near constant text := '((SELECT everywhere()) OR EXISTS (SELECT FROM beat_cell bc WHERE bc.beat_id = notice.beat_id'
                          ' AND bc.cell_id = ANY ((SELECT scope_cells())::bigint[])))';
    bound record;
BEGIN
    FOR bound IN
        SELECT * FROM (VALUES
            ('plan', format('(%s AND covers(place))', plans), format('(%s AND covers(place))', plans)),
            ('plan_edit', of_plan, format('((SELECT may(''plan'')) AND %s)', of_plan)),
            ('plan_event', of_plan, format('(%s AND %s)', plans, of_plan)),
            ('cell_link', '(SELECT acts())', '((SELECT may(''plan'')) OR (SELECT may(''settings'')) OR (SELECT may(''load'')))'),
            ('notice', format('((SELECT may(''cases'')) AND %s)', near), '(SELECT may(''approve_plan''))')
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
