-- Beats that hold cells now, with how much is open in each.

SELECT b.code, b.name, u.name AS station, a.name AS community, count(DISTINCT bc.cell_id) AS cells, count(DISTINCT m.id) AS open_matters
FROM beat b
JOIN beat_cell bc ON bc.beat_id = b.id AND bc.valid @> now()
JOIN cell c ON c.id = bc.cell_id AND c.valid @> now()
LEFT JOIN unit u ON u.id = b.station_id
LEFT JOIN area a ON a.id = b.community_id
LEFT JOIN matter m ON m.cell_id = bc.cell_id AND m.closed_at IS NULL
GROUP BY b.id, u.name, a.name
ORDER BY b.code
