-- The line, the cases and what decides about them (protocol §2–§4).

-- One row: its lock is the line lock, taken before anything that may change the line (P10).
CREATE TABLE line (
    only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    watermark  bigint NOT NULL DEFAULT 0,  -- every number up to it has arrived
    last_entry bigint NOT NULL DEFAULT 0   -- of line_log
);
INSERT INTO line DEFAULT VALUES;

-- A receipt number and where it stands. Void numbers are never revived (P2).
CREATE TABLE number (
    receipt_number bigint PRIMARY KEY CHECK (receipt_number > 0),
    request_id     text,                   -- none for a hole that a director passed over
    round          int,
    state          text NOT NULL CHECK (state IN
                     ('pending', 'waiting', 'assigned', 'returned', 'closed', 'void', 'unreadable', 'passed_over')),
    hold_until     timestamptz,            -- a pending number holds the line until then, once (P11)
    arrived_at     timestamptz NOT NULL,
    CHECK (request_id IS NOT NULL OR state = 'passed_over'),
    CHECK (state NOT IN ('pending', 'waiting') OR hold_until IS NOT NULL)
) WITH (fillfactor = 80);
CREATE INDEX number_open ON number (receipt_number) WHERE state IN ('pending', 'waiting');
CREATE INDEX number_request ON number (request_id);

-- An adviser who gave a number back is passed by for it (P12).
CREATE TABLE recusal (
    receipt_number bigint NOT NULL REFERENCES number,
    adviser        text   NOT NULL,
    PRIMARY KEY (receipt_number, adviser)
);

-- Every change of a number, from which the order of assignments can be proved (P14).
CREATE TABLE line_log (
    entry          bigint PRIMARY KEY,
    receipt_number bigint NOT NULL,
    request_id     text,
    round          int,
    from_state     text,
    to_state       text NOT NULL,
    cause          text NOT NULL,          -- the event's id, or the act of a person
    actor          text,
    unverified     boolean NOT NULL DEFAULT false,
    hold_until     timestamptz,
    at             timestamptz NOT NULL
);
CREATE INDEX line_log_assignments ON line_log (entry) WHERE to_state = 'assigned';

-- The case of a request. It exists from the first event that speaks of the request, in any order (P1).
CREATE TABLE case_file (
    request_id     text PRIMARY KEY,
    state          text NOT NULL CHECK (state IN
                     ('pending', 'waiting', 'assigned', 'approved', 'issued', 'returned', 'denied', 'withdrawn')),
    round          int    NOT NULL DEFAULT 0,
    receipt_number bigint,
    completion     jsonb,                  -- the RequestCompleted it stands on
    facts_version  int    NOT NULL DEFAULT 0,
    named_check    bigint NOT NULL DEFAULT 0,  -- the last check intake had seen (P3)
    due_on         date,
    holder         jsonb,                  -- sub, name, email of the adviser who holds it
    assigned_at    timestamptz,
    assignment_id  text,                   -- id of the CaseAssigned that asks for a check (P21)
    unverified     boolean NOT NULL DEFAULT false,
    approval       jsonb,                  -- authorized start, flags accepted, segments
    issuance_id    text,                   -- id of the IssuanceAsked
    issuance_asked_at timestamptz,
    document       jsonb,                  -- the I-20 as entered, kept until it is issued
    version        bigint NOT NULL DEFAULT 1,
    CHECK ((state IN ('assigned', 'approved')) <= (holder IS NOT NULL)),
    CHECK (state IN ('returned', 'withdrawn') OR completion IS NOT NULL)
);
CREATE INDEX case_file_state ON case_file (state);
CREATE INDEX case_file_holder ON case_file ((holder ->> 'sub')) WHERE state IN ('assigned', 'approved');

-- The latest answer of enrollment-sync, kept also for requests that have no case yet (P1).
CREATE TABLE enrollment_check (
    request_id       text PRIMARY KEY,
    check_no         bigint NOT NULL,
    facts_version    int    NOT NULL,
    calendar_version int    NOT NULL,
    outcome          text   NOT NULL CHECK (outcome IN ('met', 'not_met', 'cannot_determine', 'pending')),
    asked_by         text[] NOT NULL,
    answer           jsonb  NOT NULL,
    checked_at       timestamptz NOT NULL
);

-- What was issued, version by version; a row never changes.
CREATE TABLE authorization_issued (
    request_id text NOT NULL REFERENCES case_file,
    version    int  NOT NULL,
    issued     jsonb NOT NULL,             -- the I20Issued as published
    document_sha256 text NOT NULL,
    PRIMARY KEY (request_id, version)
);

CREATE TABLE academic_calendar (
    version int PRIMARY KEY,
    form    jsonb NOT NULL
);

-- The same key, the same case: a lost answer does not cost a case (P13).
CREATE TABLE next_case_key (
    adviser    text NOT NULL,
    key        text NOT NULL,
    request_id text,
    at         timestamptz NOT NULL,
    PRIMARY KEY (adviser, key)
);

-- Things a DSO must know about a case, outside of the flow of states.
CREATE TABLE task (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id text NOT NULL,
    code       text NOT NULL,
    detail     text NOT NULL,
    raised_at  timestamptz NOT NULL,
    done_at    timestamptz,
    done_by    text
);
CREATE INDEX task_open ON task (request_id) WHERE done_at IS NULL;

-- Who did what, when and why; also who read a case file.
CREATE TABLE audit (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz NOT NULL,
    actor   text NOT NULL,
    action  text NOT NULL,
    subject text NOT NULL,
    detail  jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_subject ON audit (subject, id);
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'the audit record is append-only'; END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER line_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON line_log
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
