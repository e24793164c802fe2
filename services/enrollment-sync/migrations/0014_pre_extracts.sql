-- Sites whose SPIRE writes extracts or sends Integration Broker messages: what these have told, and which files did.

-- One row: who imports holds its lock, and each sequence is given away once.
CREATE TABLE extract_state (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    last_seq bigint  NOT NULL DEFAULT 0
);
INSERT INTO extract_state DEFAULT VALUES;

-- A row of a PeopleSoft record as it was told last; `data` in the wire form of docs/connect.md. What a record's key
-- lacks is empty. `updated`: the row's own version, where the extract has one.
CREATE TABLE extract_row (
    record      text   NOT NULL CHECK (record IN ('STDNT_ENRL', 'STDNT_CAR_TERM', 'STUDENT')),
    emplid      text   NOT NULL,
    strm        text   NOT NULL,
    acad_career text   NOT NULL,
    institution text   NOT NULL,
    class_nbr   text   NOT NULL,
    data        jsonb  NOT NULL,
    as_of       timestamptz NOT NULL,
    updated     timestamptz,
    source_seq  bigint NOT NULL,
    PRIMARY KEY (record, emplid, strm, acad_career, institution, class_nbr)
) WITH (fillfactor = 80);
CREATE INDEX extract_row_student ON extract_row (emplid);
CREATE INDEX extract_row_term ON extract_row (strm, class_nbr);
CREATE INDEX extract_row_seq ON extract_row (source_seq);

-- A term was told completely; what is older than that changes nothing.
CREATE TABLE extract_scope (
    record      text NOT NULL,
    institution text NOT NULL,
    strm        text NOT NULL,
    taken_at    timestamptz NOT NULL,
    PRIMARY KEY (record, institution, strm)
);

-- Every file that was read, also those that were refused. `report`: numbers alone, nothing of any student.
CREATE TABLE extract_import (
    import_id   text PRIMARY KEY,
    record      text NOT NULL,
    mode        text NOT NULL CHECK (mode IN ('full', 'delta')),
    name        text NOT NULL,
    size        bigint NOT NULL,
    modified_at timestamptz NOT NULL,
    taken_at    timestamptz NOT NULL,
    outcome     text NOT NULL CHECK (outcome IN ('applied', 'late', 'held', 'refused')),
    report      jsonb NOT NULL,
    by          text NOT NULL,
    at          timestamptz NOT NULL
);
CREATE INDEX extract_import_name ON extract_import (record, name);
