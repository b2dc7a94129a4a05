-- People posted to a beat or to one of its cells at an instant; the lead first.

SELECT o.code, p.role, coalesce(c.name, b.name) AS place, c.code AS cell, o.personal
FROM posting p
JOIN officer o ON o.id = p.officer_id
LEFT JOIN cell c ON c.id = p.cell_id
LEFT JOIN beat_cell bc ON bc.cell_id = p.cell_id AND bc.valid @> CAST(:at AS timestamptz)
JOIN beat b ON b.id = coalesce(p.beat_id, bc.beat_id)
WHERE b.code = :code AND p.valid @> CAST(:at AS timestamptz)
ORDER BY array_position(ARRAY['beat_lead', 'police', 'auxiliary', 'grid_lead', 'grid_worker'], p.role), place, o.code
