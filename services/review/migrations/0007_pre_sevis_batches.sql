-- SEVIS batch files: what was sent byte by byte, what SEVIS answered, and the papers that came back.

-- The SEVIS user ID of each DSO, which is not their sign-in name.
CREATE TABLE sevis_user (
    adviser text PRIMARY KEY,
    user_id text NOT NULL CHECK (length(user_id) = 10),
    set_by  text NOT NULL,
    set_at  timestamptz NOT NULL
);

CREATE TABLE sevis_batch (
    batch_id       text PRIMARY KEY CHECK (batch_id ~ '^[A-Z0-9]{14}$'),
    org_id         text NOT NULL,
    schema_version text NOT NULL CHECK (schema_version IN ('6.55', '6.31')),
    state          text NOT NULL CHECK (state IN ('drawn_up', 'uploaded', 'answered', 'refused', 'discarded')),
    content        bytea NOT NULL,           -- the file, byte by byte: a second upload must be the same one
    sha256         text NOT NULL,
    result_code    text,                     -- SEVIS's last word on the batch, verbatim
    drawn_up_by    text NOT NULL,
    drawn_up_at    timestamptz NOT NULL,
    downloaded_at  timestamptz,
    uploaded_at    timestamptz,
    answered_at    timestamptz,
    CHECK (state <> 'answered' OR answered_at IS NOT NULL)
);
CREATE INDEX sevis_batch_newest ON sevis_batch (drawn_up_at DESC);

-- One `Student` element; a cancellation must repeat start, end, full or part time and employer as they were sent.
CREATE TABLE sevis_record (
    record_id   text PRIMARY KEY,            -- the file's requestID
    batch_id    text NOT NULL REFERENCES sevis_batch,
    place       int  NOT NULL,               -- in the file, from 1
    request_id  text NOT NULL REFERENCES case_file,
    kind        text NOT NULL CHECK (kind IN ('add', 'cancel')),
    state       text NOT NULL CHECK (state IN ('in_batch', 'uploaded', 'succeeded', 'failed', 'unknown', 'discarded')),
    emplid      text NOT NULL,
    sevis_id    text NOT NULL,
    user_id     text NOT NULL,
    strm        text NOT NULL,
    start_date  date NOT NULL,
    end_date    date NOT NULL,
    full_part   text NOT NULL CHECK (full_part IN ('01', '02')),
    employer    text NOT NULL,
    course_relevance text NOT NULL,
    remarks     text NOT NULL,
    address     jsonb,
    code        text,                        -- SEVIS's own, verbatim
    message     text,
    answered_at timestamptz,
    UNIQUE (batch_id, place),
    CHECK (state NOT IN ('succeeded', 'failed') OR answered_at IS NOT NULL)
);
CREATE INDEX sevis_record_case ON sevis_record (request_id);
CREATE INDEX sevis_record_student ON sevis_record (emplid) WHERE state IN ('in_batch', 'uploaded', 'unknown');
-- Nothing is sent twice without a final answer to the first.
CREATE UNIQUE INDEX sevis_record_open ON sevis_record (request_id, start_date) WHERE state IN ('in_batch', 'uploaded', 'unknown');

-- Every log that was given back, as it came: applied, or refused as a whole.
CREATE TABLE sevis_answer (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    batch_id    text NOT NULL REFERENCES sevis_batch,
    received_at timestamptz NOT NULL,
    received_by text NOT NULL,
    sha256      text NOT NULL,
    reading     text NOT NULL CHECK (reading IN
                  ('results', 'uploaded', 'refused', 'not_processed', 'never_submitted', 'unclear', 'does_not_fit')),
    result_code text,
    faults      text[] NOT NULL DEFAULT '{}',
    log         bytea NOT NULL
);
CREATE INDEX sevis_answer_batch ON sevis_answer (batch_id, id);

-- The PDFs of the zip, to be signed by the DSO; without a record where the name did not say whose it is.
CREATE TABLE sevis_paper (
    batch_id  text NOT NULL REFERENCES sevis_batch,
    number    int  NOT NULL,
    record_id text REFERENCES sevis_record,
    name      text NOT NULL,
    sha256    text NOT NULL,
    content   bytea NOT NULL,
    PRIMARY KEY (batch_id, number),
    UNIQUE (batch_id, sha256)
);
CREATE INDEX sevis_paper_record ON sevis_paper (record_id);
