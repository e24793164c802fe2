-- What was lost after issuance, and how well we see (protocol §5, P19, P30).

-- One for each causing act (P25). `rejected`: a director found a held one to be false, so that it may be found anew.
CREATE TABLE loss (
    loss_id      text PRIMARY KEY,
    act          text NOT NULL,
    emplid       text NOT NULL,
    strm         text NOT NULL,
    class_nbr    text,
    source_seq   bigint NOT NULL,
    cause        text NOT NULL,
    event_time   timestamptz NOT NULL,
    detected_at  timestamptz NOT NULL,
    held         boolean NOT NULL,
    state        text NOT NULL CHECK (state IN ('open', 'regained', 'rejected')),
    ended_at     timestamptz,
    alert_id     text,
    CHECK ((state = 'open') = (ended_at IS NULL))
);
CREATE INDEX loss_open ON loss (emplid) WHERE state = 'open';
CREATE INDEX loss_act ON loss (act);
CREATE INDEX loss_time ON loss (event_time);

-- The authorizations it hits, term by term.
CREATE TABLE loss_hit (
    loss_id    text NOT NULL REFERENCES loss,
    request_id text NOT NULL,
    strm       text NOT NULL,
    regained   boolean NOT NULL DEFAULT false,
    PRIMARY KEY (loss_id, request_id, strm)
);
CREATE INDEX loss_hit_open ON loss_hit (request_id) WHERE NOT regained;

-- The calendars that were loaded; the highest version is in force, before the first one the shipped one.
CREATE TABLE calendar_version (
    version   int PRIMARY KEY CHECK (version > 0),
    form      jsonb NOT NULL,
    loaded_at timestamptz NOT NULL,
    loaded_by text NOT NULL
);

-- Comparisons with SPIRE's snapshots; one changes no row, it makes checks due (P19).
CREATE TABLE reconciliation_run (
    run_id      text PRIMARY KEY,
    strm        text NOT NULL,
    asked_by    text NOT NULL,
    asked_at    timestamptz NOT NULL,
    state       text NOT NULL DEFAULT 'asked' CHECK (state IN ('asked', 'running', 'done')),
    token       text,
    lease_until timestamptz,
    finished_at timestamptz,
    outcome     text CHECK (outcome IN ('compared', 'incomplete', 'empty', 'too_small', 'unreachable')),
    reason      text,
    rows_seen   int,
    differences int,
    CHECK ((state = 'running') = (token IS NOT NULL)),
    CHECK ((state = 'done') = (finished_at IS NOT NULL AND outcome IS NOT NULL))
);
CREATE INDEX reconciliation_run_term ON reconciliation_run (strm, asked_at);

-- Faults that operations must look at; one open row for each code and subject.
CREATE TABLE alarm (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code       text NOT NULL,
    subject    text NOT NULL,
    message    text NOT NULL,
    raised_at  timestamptz NOT NULL,
    last_at    timestamptz NOT NULL,
    times      int NOT NULL DEFAULT 1,
    cleared_at timestamptz
);
CREATE UNIQUE INDEX alarm_open ON alarm (code, subject) WHERE cleared_at IS NULL;

-- One row: what the watcher heard last and said last (P30).
CREATE TABLE monitoring (
    only_row      boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    since         timestamptz,
    heard_at      timestamptz,             -- the last registrar event, about whomever
    said_at       timestamptz,
    blind_because text[] NOT NULL DEFAULT '{}',
    version       bigint NOT NULL DEFAULT 0
);
INSERT INTO monitoring DEFAULT VALUES;
