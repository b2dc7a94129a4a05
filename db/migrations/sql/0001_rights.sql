-- beatgrid_app reads and writes but owns nothing, so that row-level security binds it.
-- Until roles are defined the one policy is: a transaction that says who acts may see and write every row.

GRANT USAGE ON SCHEMA public TO beatgrid_app;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO beatgrid_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO beatgrid_app;
GRANT DELETE ON closure, beat_cell, backdrop, cell_lineage, posting, ladder_rung, matter TO beatgrid_app;
REVOKE INSERT, UPDATE ON alembic_version FROM beatgrid_app;
-- Where the owner is a superuser, "all tables" took PostGIS's own in.
REVOKE INSERT, UPDATE ON spatial_ref_sys FROM beatgrid_app;
REVOKE UPDATE ON step FROM beatgrid_app;
GRANT UPDATE (matter_id) ON step TO beatgrid_app;

DO $$
DECLARE
    bound regclass;
BEGIN
    FOREACH bound IN ARRAY ARRAY[
        'city', 'area', 'beat', 'cell', 'cell_lineage', 'beat_cell', 'backdrop', 'ladder_rung', 'unit', 'officer',
        'posting', 'category', 'channel', 'matter', 'closure', 'incident', 'source_key', 'incident_personal', 'step',
        'load_run', 'rejected_row'
    ]::regclass[] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', bound);
        EXECUTE format(
            'CREATE POLICY somebody_acts ON %s TO beatgrid_app'
            ' USING ((SELECT current_setting(''beatgrid.actor'', true)) <> '''')'
            ' WITH CHECK ((SELECT current_setting(''beatgrid.actor'', true)) <> '''')', bound);
    END LOOP;
END
$$;
