-- Retention (case 70): what is kept about a student goes as a whole, so that all of it is found by the student.

-- Retention passes over the students of these; told by review, perhaps before the request is known here.
CREATE TABLE legal_hold (
    request_id text PRIMARY KEY,
    since      timestamptz NOT NULL
);

-- One row for each request or loss, and a migration is one transaction: the lock is a moment.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX watch_student ON watch (emplid);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX loss_student ON loss (emplid);
