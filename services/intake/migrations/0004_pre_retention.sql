-- Retention (case 70): what is gone from the tables and not yet from the object store, and numbers that outlive their request.

-- Written in the transaction that deletes a document's row, removed once the object and its pictures are gone.
CREATE TABLE doomed_object (
    object_key text PRIMARY KEY,
    request_id text NOT NULL,
    since      timestamptz NOT NULL
);

-- The list of numbers holds ids only and stays, as the proof that none was skipped (P9).
-- squawk-ignore ban-drop-constraint
ALTER TABLE receipt_number DROP CONSTRAINT receipt_number_request_id_fkey;
