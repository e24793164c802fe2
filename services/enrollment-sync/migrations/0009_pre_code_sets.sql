-- The code sets of SPIRE as the office loads them (case 8).

-- The highest version is in force, before the first one the shipped one.
CREATE TABLE codes_version (
    version   int PRIMARY KEY CHECK (version > 0),
    form      jsonb NOT NULL,
    loaded_at timestamptz NOT NULL,
    loaded_by text NOT NULL
);

-- By which an answer read the rows; what was stored before used the shipped one.
ALTER TABLE evaluation ADD COLUMN codes_version int NOT NULL DEFAULT 1;
