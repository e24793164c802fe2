-- Requests, what belongs to them, and the line they get their numbers from (protocol §1–§3).

-- The last receipt number that was drawn. One row; its lock is held from a completion's last statement to its commit.
CREATE TABLE line (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    last     bigint  NOT NULL DEFAULT 0 CHECK (last >= 0)
);
INSERT INTO line DEFAULT VALUES;

CREATE SEQUENCE reference_number;

CREATE TABLE request (
    request_id     text PRIMARY KEY,
    reference      text   NOT NULL UNIQUE,   -- for people: CPT-2026-000123
    emplid         text   NOT NULL,
    student        jsonb  NOT NULL,          -- name and email, for the events
    application    jsonb  NOT NULL,          -- the form as typed
    phase          text   NOT NULL CHECK (phase IN
                     ('incomplete', 'complete', 'issued', 'withdrawn', 'denied', 'not_required')),
    shown          text   NOT NULL DEFAULT '' CHECK (shown IN ('', 'assigned', 'approved')),
    round          int    NOT NULL DEFAULT 0 CHECK (round >= 0),  -- how often it was completed
    receipt_number bigint,
    last_number    bigint,                   -- also after it was given up
    received_at    timestamptz,              -- when it was completed
    due_on         date,
    facts_version  int    NOT NULL DEFAULT 0,
    facts_told     int    NOT NULL DEFAULT 0,  -- the version that was last published
    facts          jsonb,                    -- absent while a date or the route is missing
    agreement      jsonb,                    -- the approved agreement that matches now
    named          jsonb,                    -- the one the last completion named (P23)
    agreement_lost boolean NOT NULL DEFAULT false,
    returns        jsonb  NOT NULL DEFAULT '[]',  -- reasons of advisers that only the student clears (P6)
    disputes       jsonb  NOT NULL DEFAULT '{}',  -- "please look": why, by place
    letter         jsonb,                    -- what the letter check found; absent without a letter
    enrollment     jsonb,                    -- the latest check
    missing        jsonb  NOT NULL DEFAULT '[]',  -- every missing item, as last weighed
    authorized     jsonb,                    -- what the I-20 says
    wish_at        timestamptz,              -- a withdrawal that review decides on (P8)
    submitted_at   timestamptz NOT NULL,
    version        bigint NOT NULL DEFAULT 1,
    -- The lifecycle.
    CONSTRAINT complete_has_a_number CHECK (phase <> 'complete'
        OR (round > 0 AND receipt_number IS NOT NULL AND received_at IS NOT NULL AND due_on IS NOT NULL)),
    CONSTRAINT complete_lacks_nothing CHECK (phase <> 'complete' OR (missing = '[]' AND returns = '[]')),
    CONSTRAINT open_without_number CHECK (phase NOT IN ('incomplete', 'not_required', 'withdrawn')
        OR (receipt_number IS NULL AND received_at IS NULL AND due_on IS NULL)),
    CONSTRAINT shown_only_while_complete CHECK (shown = '' OR phase = 'complete'),
    CONSTRAINT issued_is_authorized CHECK (phase <> 'issued' OR authorized IS NOT NULL),
    CONSTRAINT facts_are_counted CHECK (facts_told <= facts_version AND (facts IS NULL OR facts_version > 0))
) WITH (fillfactor = 70);
CREATE INDEX request_student ON request (emplid);
CREATE INDEX request_waiting ON request (receipt_number) WHERE phase = 'complete' AND shown = '';
CREATE INDEX request_open ON request (phase) WHERE phase IN ('incomplete', 'complete', 'not_required');
CREATE UNIQUE INDEX request_number ON request (receipt_number);

-- Every number that was ever drawn, and for whom: gapless from one, unless it was raised after a restore (P39).
CREATE TABLE receipt_number (
    number     bigint NOT NULL CONSTRAINT number_held_by_another_request PRIMARY KEY,
    request_id text   NOT NULL REFERENCES request,
    round      int    NOT NULL,
    drawn_at   timestamptz NOT NULL
);

-- What a student sent; the newest of a kind and term counts, the older ones stay.
CREATE TABLE document (
    document_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id  text   NOT NULL REFERENCES request,
    kind        text   NOT NULL CHECK (kind IN ('offer_letter', 'handshake_contract', 'enrollment_proof',
                  'coop_permission_form', 'coop_registration_email', 'externship_paperwork')),
    strm        text,
    object_key  text   NOT NULL UNIQUE,
    sha256      text   NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    size        bigint NOT NULL CHECK (size > 0),
    media_type  text   NOT NULL,
    name        text   NOT NULL,
    scan        text   NOT NULL,             -- what the virus scanner said, or that there is none
    text        jsonb,                       -- of an offer letter: its lines with their places
    received_at timestamptz NOT NULL,
    current     boolean NOT NULL DEFAULT true,
    CHECK ((kind = 'enrollment_proof') = (strm IS NOT NULL))
);
CREATE UNIQUE INDEX document_current ON document (request_id, kind, coalesce(strm, '')) WHERE current;
CREATE INDEX document_of ON document (request_id, document_id);

-- What Handshake has told, also before any request (case 46); applied by version (P23).
CREATE TABLE agreement (
    agreement_id text PRIMARY KEY,
    emplid       text NOT NULL,
    version      int  NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('internship', 'coop', 'practicum')),
    status       text NOT NULL CHECK (status IN
                   ('pending', 'started', 'needs_review', 'approved', 'declined', 'withdrawn')),
    employer     text NOT NULL,
    start_date   date NOT NULL,
    end_date     date NOT NULL,
    CHECK (start_date <= end_date)
);
CREATE INDEX agreement_student ON agreement (emplid);

-- The same key and body, the same answer (case 43).
CREATE TABLE submission (
    emplid      text  NOT NULL,
    key         text  NOT NULL,
    body_sha256 text  NOT NULL,
    request_id  text,
    answer      jsonb,
    at          timestamptz NOT NULL,
    PRIMARY KEY (emplid, key)
);

CREATE TABLE academic_calendar (
    version int PRIMARY KEY,
    form    jsonb NOT NULL
);

-- What the student reads about the course of a request.
CREATE TABLE history (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id text NOT NULL REFERENCES request,
    at         timestamptz NOT NULL,
    what       text NOT NULL,
    by         text NOT NULL
);
CREATE INDEX history_of ON history (request_id, id);

-- Who did what, when and why.
CREATE TABLE audit (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz NOT NULL,
    actor   text  NOT NULL,
    action  text  NOT NULL,
    subject text  NOT NULL,
    detail  jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_subject ON audit (subject, id);
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'the audit record is append-only'; END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
