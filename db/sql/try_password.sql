-- One try at an account that may be tried: counted at once, and from the fifth in a row on locking it, half a minute
-- first, twice as long each time, an hour at most. A day after the last lock counting starts anew. Whoever then proves
-- to know the password is unlocked again.

UPDATE account SET
    failures = CASE WHEN locked_until < CAST(:now AS timestamptz) - interval '1 day' THEN 1 ELSE failures + 1 END,
    locked_until = CASE
        WHEN locked_until < CAST(:now AS timestamptz) - interval '1 day' THEN NULL
        WHEN failures + 1 >= 5
        THEN CAST(:now AS timestamptz) + least(interval '30 seconds' * power(2, least(failures - 4, 10)), interval '1 hour')
    END
WHERE name = :name AND active AND (locked_until IS NULL OR locked_until <= :now)
  AND (NOT demo OR (SELECT synthetic FROM city))
RETURNING id, name, password_hash, roles, places
