-- The names of staff as the university's sign-in told them last, so that pages name people.
CREATE TABLE colleague (
    sub     text PRIMARY KEY,
    name    text,
    email   text,
    is_dso  boolean NOT NULL,              -- may hold cases and stand in
    seen_at timestamptz NOT NULL
);
