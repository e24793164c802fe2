-- Of which day that comes near a student was reminded: once each.
CREATE TABLE student_reminder (
    request_id text NOT NULL REFERENCES request,
    what       text NOT NULL CHECK (what IN ('start_near', 'term_near')),
    day        date NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (request_id, what, day)
);
