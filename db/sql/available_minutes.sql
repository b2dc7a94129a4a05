-- Minutes that posted people have in a period, and how many they are, by place.
-- A posting to a cell also serves the beat that holds the cell meanwhile, its community and its station.

WITH period AS (SELECT tstzrange(:start, :end) AS asked),
served AS (
    SELECT p.officer_id, p.weekly_minutes, p.cell_id, coalesce(p.beat_id, bc.beat_id) AS beat_id, p.unit_id,
           p.valid * period.asked * coalesce(bc.valid, tstzrange(NULL, NULL)) AS during
    FROM posting p
    CROSS JOIN period
    LEFT JOIN beat_cell bc ON bc.cell_id = p.cell_id AND bc.valid && (p.valid * period.asked)
    WHERE p.valid && period.asked
),
placed AS (
    SELECT s.officer_id, c.code AS cell, b.code AS beat, coalesce(of_cell.code, of_beat.code) AS community,
           coalesce(station.code, CASE WHEN u.kind = 'station' THEN u.code END) AS station,
           s.weekly_minutes * extract(epoch FROM upper(s.during) - lower(s.during)) / 604800.0 AS minutes
    FROM served s
    LEFT JOIN cell c ON c.id = s.cell_id
    LEFT JOIN beat b ON b.id = s.beat_id
    LEFT JOIN unit u ON u.id = s.unit_id
    LEFT JOIN unit station ON station.id = b.station_id
    LEFT JOIN area of_cell ON of_cell.id = c.community_id
    LEFT JOIN area of_beat ON of_beat.id = b.community_id
    WHERE NOT isempty(s.during)
)
SELECT CASE CAST(:by AS text) WHEN 'cell' THEN cell WHEN 'beat' THEN beat WHEN 'community' THEN community ELSE station END AS key,
       sum(minutes)::float8 AS available, count(DISTINCT officer_id) AS staff
FROM placed GROUP BY 1;
