-- Who is signed in by a browser, the same in every service's schema. A cookie without its row here opens nothing.
CREATE TABLE browser_session (
    id               bytea       PRIMARY KEY,  -- SHA-256 of the number in the cookie: who reads this table holds no session
    sub              text        NOT NULL,
    roles            text[]      NOT NULL,
    tokens           text        NOT NULL,     -- sealed; what the issuer is asked with
    ask_at           timestamptz NOT NULL,
    unanswered_since timestamptz,
    ends_at          timestamptz NOT NULL
);
CREATE INDEX browser_session_person ON browser_session (sub);
CREATE INDEX browser_session_end ON browser_session (ends_at);
