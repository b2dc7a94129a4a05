-- The departments that were called to one matter.
SELECT w.at, w.step_no, u.code AS unit, u.name AS unit_name, w.report_by, w.attended_at,
       w.attended_at IS NULL AND w.report_by < now() OR w.attended_at > w.report_by AS late
FROM whistle w JOIN unit u ON u.id = w.unit_id WHERE w.matter_id = :matter ORDER BY w.at, w.step_no, u.code
