-- Cells of a beat at an instant.

SELECT c.code, c.name, c.kind, c.households, c.residents, ST_AsBinary(c.geom) AS wkb
FROM cell c
JOIN beat_cell bc ON bc.cell_id = c.id AND bc.valid @> CAST(:at AS timestamptz)
JOIN beat b ON b.id = bc.beat_id
WHERE b.code = :code AND c.valid @> CAST(:at AS timestamptz)
ORDER BY c.code
