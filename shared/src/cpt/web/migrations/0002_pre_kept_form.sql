-- What somebody sent when their session had ended, or what was refused, until the form is shown again; the same in every
-- service's schema. Sealed: who reads this table reads no text.
CREATE TABLE kept_form (
    session bytea       PRIMARY KEY,  -- SHA-256 of the session's number: one form each, so that the table cannot be filled
    sealed  text        NOT NULL,
    at      timestamptz NOT NULL
);
CREATE INDEX kept_form_at ON kept_form (at);
