-- The diversion ledger of one matter.
SELECT d.sent_at, d.step_no, f.code AS from_unit, f.name AS from_name, r.code AS to_unit, r.name AS to_name, d.accepted_at,
       d.bounced_at, d.done_at, d.kept
FROM diversion d LEFT JOIN unit f ON f.id = d.from_unit_id LEFT JOIN unit r ON r.id = d.to_unit_id
WHERE d.matter_id = :matter ORDER BY d.sent_at, d.step_no
