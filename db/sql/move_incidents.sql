-- Incidents placed anew. The first placing is fixed once made; the present one follows the boundaries.

UPDATE incident i SET
    cell_then = m.cell_then, cell_now = m.cell_now,
    placed_by = CASE WHEN m.fixed THEN i.placed_by ELSE m.placed_by END,
    snapped_m = CASE WHEN m.fixed THEN i.snapped_m ELSE m.snapped_m END
FROM moved m
WHERE i.id = m.id AND (i.cell_then, i.cell_now) IS DISTINCT FROM (m.cell_then, m.cell_now);
