-- Experiences that Handshake's read API or an export told of: a fingerprint sees what changed, our version gives it order.
CREATE TABLE experience (
    agreement_id text  PRIMARY KEY,
    fingerprint  bytea NOT NULL,
    version      int   NOT NULL
);

-- One row: where the next page begins, and who asks for it (P37).
CREATE TABLE handshake_place (
    only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    since       text NOT NULL DEFAULT '',
    page        int  NOT NULL DEFAULT 1,
    due_at      timestamptz NOT NULL DEFAULT '-infinity',
    token       text,
    lease_until timestamptz,
    CHECK ((token IS NULL) = (lease_until IS NULL))
);
INSERT INTO handshake_place DEFAULT VALUES;
