-- What happens beside the flow of a request: messages, warnings to read, reports of the student, legal holds.

CREATE TABLE message (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id text NOT NULL REFERENCES request,
    at         timestamptz NOT NULL,
    text       text NOT NULL,
    by         text NOT NULL                -- as the student reads it
);
CREATE INDEX message_of ON message (request_id, id);

-- Warnings that the student has to say were read (case 68); nothing waits for it.
CREATE TABLE warning (
    request_id text NOT NULL REFERENCES request,
    code       text NOT NULL,
    message    text NOT NULL,
    asked_at   timestamptz NOT NULL,
    read_at    timestamptz,
    PRIMARY KEY (request_id, code)
);

-- What the student reported after issuance; saying the same again is no second report.
CREATE TABLE student_report (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id text NOT NULL REFERENCES request,
    what       text NOT NULL CHECK (what IN ('withdrew_from_course', 'will_not_start', 'stopped_working', 'other')),
    on_day     date,
    words      text NOT NULL,
    at         timestamptz NOT NULL,
    UNIQUE NULLS NOT DISTINCT (request_id, what, on_day, words)
);

-- Retention passes over these (case 70); told by review, perhaps before the request is known here.
CREATE TABLE legal_hold (
    request_id text PRIMARY KEY,
    since      timestamptz NOT NULL
);
