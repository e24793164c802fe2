-- Whom we watch, what SPIRE has told of them, and what is still to be asked (protocol §4).

-- Locked before anything about the student is evaluated (P16). `source_seq`: the last of SPIRE's sequence that any
-- read or event has told; it stays when the rows are forgotten.
CREATE TABLE student (
    emplid      text   PRIMARY KEY,
    source_seq  bigint NOT NULL DEFAULT 0,
    profile     jsonb,                     -- SPIRE's record at the last check
    stale_since timestamptz,               -- SPIRE answers with less than an event has told (P17)
    version     bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 80);

-- One for each request. An ended one without a student is a request whose end came before its beginning (P1).
CREATE TABLE watch (
    request_id    text   PRIMARY KEY,
    emplid        text   REFERENCES student,
    state         text   NOT NULL CHECK (state IN ('open', 'ended')),
    facts         jsonb,
    facts_version int    NOT NULL DEFAULT 0,
    checked_terms text[] NOT NULL DEFAULT '{}', -- terms whose first check was made and will be repeated once (P17)
    check_no      bigint NOT NULL DEFAULT 0,
    published     jsonb,                   -- the last EnrollmentChecked without its number and time
    issued        jsonb,                   -- the authorization of the I-20 that counts (P22)
    ends_on       date,                    -- 60 days after its last term (P16); unknown without a calendar
    ended_because text,
    version       bigint NOT NULL DEFAULT 0,
    CHECK (state = 'ended' OR (emplid IS NOT NULL AND facts IS NOT NULL)),
    CHECK ((state = 'ended') = (ended_because IS NOT NULL))
) WITH (fillfactor = 80);
CREATE INDEX watch_open ON watch (emplid) WHERE state = 'open';

-- A term is known after one complete read; events at or below its floor change no row (P17). `unreadable`: rows whose
-- codes nobody here knows, as SPIRE sent them (case 8).
CREATE TABLE term_floor (
    emplid     text   NOT NULL REFERENCES student,
    strm       text   NOT NULL,
    source_seq bigint NOT NULL,
    unreadable jsonb  NOT NULL DEFAULT '[]',
    read_at    timestamptz NOT NULL,
    PRIMARY KEY (emplid, strm)
);

-- The rows of watched students, with what told of them.
CREATE TABLE enrollment_row (
    emplid            text    NOT NULL REFERENCES student,
    acad_career       text    NOT NULL,
    institution       text    NOT NULL,
    strm              text    NOT NULL,
    class_nbr         text    NOT NULL,
    session_code      text    NOT NULL,
    component         text    NOT NULL,
    primary_class_nbr text    NOT NULL,
    subject           text    NOT NULL,
    catalog_nbr       text    NOT NULL,
    units             numeric NOT NULL,
    grading_basis     text    NOT NULL,
    status            text    NOT NULL,
    reason            text,
    grade             text,
    effective_dt      date    NOT NULL,
    source_seq        bigint  NOT NULL,
    origin            jsonb   NOT NULL,
    PRIMARY KEY (emplid, acad_career, institution, strm, class_nbr)
);

-- Ends every row of its term with a lower source_seq (P18).
CREATE TABLE term_withdrawal (
    emplid        text   NOT NULL REFERENCES student,
    strm          text   NOT NULL,
    withdraw_code text   NOT NULL,
    effective_dt  date   NOT NULL,
    source_seq    bigint NOT NULL,
    origin        jsonb  NOT NULL,
    PRIMARY KEY (emplid, strm)
);

-- Events that ask for a check; kept also when the request is not known yet (P1, P21).
CREATE TABLE question (
    event_id   text NOT NULL,
    request_id text NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('assignment', 'issuance', 'confirmation')),
    arrived    bigint GENERATED ALWAYS AS IDENTITY,
    arrived_at timestamptz NOT NULL,
    PRIMARY KEY (event_id, request_id)
);
CREATE INDEX question_request ON question (request_id, arrived);

-- A SPIRE read that somebody waits for. Rows that come while a read runs have no token and make another one (P37).
CREATE TABLE due_check (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    emplid      text NOT NULL REFERENCES student,
    why         text NOT NULL,
    not_before  timestamptz NOT NULL,
    attempts    int  NOT NULL DEFAULT 0,
    token       text,
    lease_until timestamptz,
    CHECK ((token IS NULL) = (lease_until IS NULL))
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX due_check_once ON due_check (emplid, why) WHERE token IS NULL;
CREATE INDEX due_check_next ON due_check (not_before);

-- Campus events about watched students, as evidence.
CREATE TABLE registrar_event (
    source      text   NOT NULL,
    event_id    text   NOT NULL,
    emplid      text   NOT NULL,
    type        text   NOT NULL,
    strm        text   NOT NULL,
    class_nbr   text,
    source_seq  bigint NOT NULL,
    happened_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    applied     boolean NOT NULL,
    data        jsonb  NOT NULL,
    PRIMARY KEY (source, event_id)
);
CREATE INDEX registrar_event_student ON registrar_event (emplid, source_seq);

-- Every answer that was given, with all it rests on: the same inputs give the same answer for ever.
CREATE TABLE evaluation (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id       text   NOT NULL,
    check_no         bigint,                 -- none for one that told of a loss
    rule_version     text   NOT NULL,
    calendar_version int    NOT NULL,
    inputs           jsonb  NOT NULL,
    answer           jsonb  NOT NULL,
    at               timestamptz NOT NULL
);
CREATE INDEX evaluation_request ON evaluation (request_id, id);

-- Append-only: acts of people and changes of state; sealed by a chain of its own (P40).
CREATE TABLE audit (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz NOT NULL,
    actor   text  NOT NULL,
    action  text  NOT NULL,
    subject text  NOT NULL,
    detail  jsonb NOT NULL DEFAULT '{}'
);
