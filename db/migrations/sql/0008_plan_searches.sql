-- Searches are seen by whoever sees their plan, begun and carried on by whoever may plan.

GRANT SELECT, INSERT, UPDATE ON plan_search TO beatgrid_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO beatgrid_app;

ALTER TABLE plan_search ENABLE ROW LEVEL SECURITY;
CREATE POLICY reads ON plan_search FOR SELECT TO beatgrid_app USING (EXISTS (SELECT FROM plan p WHERE p.id = plan_id));
CREATE POLICY adds ON plan_search FOR INSERT TO beatgrid_app
    WITH CHECK ((SELECT may('plan')) AND EXISTS (SELECT FROM plan p WHERE p.id = plan_id));
CREATE POLICY changes ON plan_search FOR UPDATE TO beatgrid_app
    USING ((SELECT may('plan')) AND EXISTS (SELECT FROM plan p WHERE p.id = plan_id));
CREATE POLICY removes ON plan_search FOR DELETE TO beatgrid_app USING ((SELECT may('plan')));
