-- What a student has typed so far for a new request, one each, until it is sent.
CREATE TABLE draft (
    emplid text  PRIMARY KEY,
    key    text  NOT NULL,               -- the Idempotency-Key of the submission that it becomes
    typed  jsonb NOT NULL,               -- texts by the names of the fields
    at     timestamptz NOT NULL
);
