-- What the person answered whom a student says to have consulted (R20); the last question about a request counts.
CREATE TABLE consultation (
    request_id      text PRIMARY KEY,
    consultation_id text NOT NULL,
    name            text NOT NULL,
    asked_at        timestamptz NOT NULL,
    answer          text CHECK (answer IN ('confirmed', 'not_held')),
    comment         text NOT NULL DEFAULT '',
    answered_at     timestamptz
);
