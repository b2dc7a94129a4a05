-- Beats that hold cells now, with how much is open in each: as in beat_matters.sql, by the cell that is in force now.

SELECT b.code, b.name, u.name AS station, a.name AS community, count(DISTINCT bc.cell_id) AS cells,
       coalesce(sum(waiting.matters), 0)::bigint AS open_matters
FROM beat b
JOIN beat_cell bc ON bc.beat_id = b.id AND bc.valid @> now()
JOIN cell c ON c.id = bc.cell_id AND c.valid @> now()
LEFT JOIN unit u ON u.id = b.station_id
LEFT JOIN area a ON a.id = b.community_id
LEFT JOIN (
    SELECT first.cell_now, count(*) AS matters
    FROM matter m
    CROSS JOIN LATERAL (
        SELECT i.cell_now FROM incident i
        WHERE i.matter_id = m.id ORDER BY i.reported_at, i.channel, i.source_no LIMIT 1) AS first
    WHERE m.closed_at IS NULL AND m.opened_at <= now()
    GROUP BY first.cell_now) AS waiting ON waiting.cell_now = c.id
GROUP BY b.id, u.name, a.name
ORDER BY b.code
