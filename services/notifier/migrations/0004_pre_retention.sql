-- Retention (case 70): a mail goes years after its event, unless one of its requests is on hold.

-- Retention passes over their notices; told by review, perhaps before any notice.
CREATE TABLE legal_hold (
    request_id text PRIMARY KEY,
    since      timestamptz NOT NULL
);

-- The requests that a notice is about, also one about an alert; empty: none. Absent where nobody knows them, as in
-- notices from before: any hold keeps these.
ALTER TABLE notice ADD COLUMN request_ids text[];
-- A migration is one transaction: the lock is a moment.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX notice_age ON notice (reserved_at);
