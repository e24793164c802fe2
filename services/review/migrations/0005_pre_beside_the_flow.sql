-- What happens beside the flow of a case: what the decisions rested on, later changes, notes, messages, holds.

-- Every decision with what it rested on; a row never changes.
CREATE TABLE decision (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id       text NOT NULL,
    at               timestamptz NOT NULL,
    actor            text NOT NULL,
    decision         text NOT NULL CHECK (decision IN ('approved', 'returned', 'denied', 'issued', 'changed', 'canceled')),
    rule_version     text,
    calendar_version int,
    inputs           jsonb NOT NULL
);
CREATE INDEX decision_request ON decision (request_id, id);

-- Every answer of enrollment-sync, not only the latest: the evaluations of the case file.
CREATE TABLE check_history (
    request_id text   NOT NULL,
    check_no   bigint NOT NULL,
    answer     jsonb  NOT NULL,
    PRIMARY KEY (request_id, check_no)
);

-- The strings typed into SEVIS, exactly: a cancellation must name the record by them (domain 3.7).
ALTER TABLE authorization_issued ADD COLUMN sevis jsonb;
-- One row for each I-20, and a migration is one transaction: the lock is a moment.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX authorization_student ON authorization_issued ((issued -> 'facts' ->> 'emplid'));

-- An issued authorization was canceled or ends earlier; what was issued stays as it was.
CREATE TABLE authorization_change (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id text NOT NULL,
    version    int  NOT NULL,
    canceled   boolean NOT NULL,
    until      date,
    reason     text NOT NULL,
    cause      text NOT NULL,              -- the alert, or the act at the desk
    changed_by jsonb,
    at         timestamptz NOT NULL,
    FOREIGN KEY (request_id, version) REFERENCES authorization_issued,
    CHECK (canceled = (until IS NULL))
);
CREATE INDEX authorization_change_of ON authorization_change (request_id, version, id);

CREATE FUNCTION row_never_changes() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'this record never changes'; END $$;
CREATE TRIGGER decision_never_changes BEFORE UPDATE ON decision FOR EACH STATEMENT EXECUTE FUNCTION row_never_changes();
CREATE TRIGGER change_never_changes BEFORE UPDATE ON authorization_change
  FOR EACH STATEMENT EXECUTE FUNCTION row_never_changes();

-- For staff alone (A20).
CREATE TABLE note (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id text NOT NULL REFERENCES case_file,
    at         timestamptz NOT NULL,
    author     jsonb NOT NULL,
    text       text NOT NULL
);
CREATE INDEX note_request ON note (request_id, id);

-- What the office wrote to the student.
CREATE TABLE message (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id text NOT NULL REFERENCES case_file,
    at         timestamptz NOT NULL,
    author     jsonb NOT NULL,
    text       text NOT NULL
);
CREATE INDEX message_request ON message (request_id, id);

-- Warnings that the student says were read (case 68).
CREATE TABLE acknowledgement (
    request_id text NOT NULL,
    code       text NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (request_id, code)
);

-- Retention passes over the case while it stands (case 70).
CREATE TABLE legal_hold (
    request_id text PRIMARY KEY REFERENCES case_file,
    reason     text NOT NULL,
    placed_by  text NOT NULL,
    placed_at  timestamptz NOT NULL
);

-- Who looks after an alert while its adviser is away.
CREATE TABLE alert_delegate (
    alert_id text NOT NULL REFERENCES alert,
    adviser  text NOT NULL,
    named_by text NOT NULL,
    at       timestamptz NOT NULL,
    PRIMARY KEY (alert_id, adviser)
);
ALTER TABLE alert ADD COLUMN outcome_comment text;
