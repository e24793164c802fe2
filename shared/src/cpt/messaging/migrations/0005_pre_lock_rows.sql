-- What is done by one at a time takes the row of its name. An advisory lock is a number that any role of the database can
-- take, also one of another service; a row of this schema is not.

CREATE TABLE lock_row (
    name text PRIMARY KEY
);
INSERT INTO lock_row (name) VALUES ('outbox'), ('audit_seal'), ('legal_hold'), ('calendar');
-- Of students a row each would be one more list of them: those whose numbers fall together wait for each other a moment.
INSERT INTO lock_row (name) SELECT 'student-' || bucket FROM generate_series(0, 255) bucket;
