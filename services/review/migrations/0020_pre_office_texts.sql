-- Texts that a director changes: every version, with who wrote it; the highest one counts, an empty one is the default.
CREATE TABLE office_text (
    name       text        NOT NULL,
    version    int         NOT NULL CHECK (version > 0),
    text       text        NOT NULL,
    written_by jsonb       NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (name, version)
);
INSERT INTO lock_row (name) VALUES ('office_text');
