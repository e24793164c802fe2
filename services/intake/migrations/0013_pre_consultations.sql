-- Questions to the person a student says to have consulted (R20): asked by mail, answered once, where a setting wants it.
CREATE TABLE consultation (
    consultation_id text PRIMARY KEY,
    request_id      text NOT NULL REFERENCES request,
    name            text NOT NULL,
    email           text NOT NULL,
    consulted_on    date,
    state           text NOT NULL CHECK (state IN ('asked', 'confirmed', 'not_held', 'not_asked')),
    asked_at        timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    reminded_at     timestamptz,
    answered_at     timestamptz,
    comment         text NOT NULL DEFAULT '',
    CHECK ((answered_at IS NOT NULL) = (state IN ('confirmed', 'not_held')))
);
CREATE INDEX consultation_of ON consultation (request_id, asked_at);
CREATE INDEX consultation_open ON consultation (asked_at) WHERE state = 'asked' AND reminded_at IS NULL;
