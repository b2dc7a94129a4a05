-- Postings of each period, cut where the cell of one changes its beat: who, how long, how long away, on the roster, where.
-- A posting to a cell also serves the beat that holds the cell meanwhile, its community and its station.
-- The roster covers the weeks, Monday to Sunday in the city, in which a shift of that officer begins.

WITH period AS (
    SELECT n, tstzrange(since, until) AS asked
    FROM unnest(CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[])) WITH ORDINALITY AS p (since, until, n)
),
whole AS (SELECT min(lower(asked)) AS since, max(upper(asked)) AS until FROM period),
weeks AS (
    SELECT officer_id, range_agg(tstzrange(week AT TIME ZONE zone, (week + interval '7 days') AT TIME ZONE zone)) AS on_roster
    FROM (
        SELECT DISTINCT s.officer_id, city.zone, date_trunc('week', lower(s.during) AT TIME ZONE city.zone) AS week
        FROM shift s CROSS JOIN city CROSS JOIN whole
        WHERE s.during && tstzrange(whole.since - interval '9 days', whole.until + interval '9 days')
    ) begun
    GROUP BY officer_id
),
gone AS (
    SELECT a.officer_id, range_agg(a.during) AS away FROM absence a CROSS JOIN whole
    WHERE a.during && tstzrange(whole.since, whole.until)
    GROUP BY a.officer_id
),
served AS (
    SELECT period.n, p.officer_id, p.weekly_minutes, p.cell_id, coalesce(p.beat_id, bc.beat_id) AS beat_id, p.unit_id,
           p.valid * period.asked * coalesce(bc.valid, tstzrange(NULL, NULL)) AS during
    FROM posting p
    CROSS JOIN period
    LEFT JOIN beat_cell bc ON bc.cell_id = p.cell_id AND bc.valid && (p.valid * period.asked)
    WHERE p.valid && period.asked
),
parts AS (
    SELECT s.*, tstzmultirange(s.during) - coalesce(w.on_roster, '{}') AS off, coalesce(g.away, '{}') AS away
    FROM served s LEFT JOIN weeks w USING (officer_id) LEFT JOIN gone g USING (officer_id)
    WHERE NOT isempty(s.during)
),
timed AS (
    SELECT p.*, extract(epoch FROM upper(p.during) - lower(p.during)) AS lasted,
           CASE WHEN p.off = tstzmultirange(p.during) THEN extract(epoch FROM upper(p.during) - lower(p.during))
                ELSE (SELECT coalesce(sum(extract(epoch FROM upper(r) - lower(r))), 0) FROM unnest(p.off) r) END AS seconds,
           CASE WHEN p.away = '{}' THEN 0
                ELSE (SELECT coalesce(sum(extract(epoch FROM upper(r) - lower(r))), 0) FROM unnest(p.off * p.away) r) END AS gone
    FROM parts p
)
SELECT t.n - 1 AS period, coalesce(o.code, '#' || t.officer_id) AS officer, o.kind, t.weekly_minutes, t.seconds::float8 AS seconds, t.gone::float8 AS away,
       (t.lasted - t.seconds)::float8 AS on_roster, c.code AS cell, b.code AS beat, community.code AS community,
       street.code AS street, district.code AS district,
       coalesce(station.code, CASE WHEN u.kind = 'station' THEN u.code END) AS station
FROM timed t
-- A wall may not see who people are, only how many minutes they have.
LEFT JOIN officer o ON o.id = t.officer_id
LEFT JOIN cell c ON c.id = t.cell_id
LEFT JOIN beat b ON b.id = t.beat_id
LEFT JOIN unit u ON u.id = t.unit_id
LEFT JOIN unit station ON station.id = b.station_id
LEFT JOIN area community ON community.id = coalesce(c.community_id, b.community_id)
LEFT JOIN area street ON street.id = community.parent_id AND street.level = 'street'
LEFT JOIN area district ON district.id = coalesce(street.parent_id, community.parent_id) AND district.level = 'district'
ORDER BY t.n, o.code, t.cell_id, t.beat_id, t.during;
