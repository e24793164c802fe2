-- The notices: one row for each mail that an event deserves, from its reservation to its end (protocol, P37, P38).

CREATE TABLE notice (
    id                    text        PRIMARY KEY,
    -- Order of reservation: an earlier notice about the same subject to the same recipient goes first (P38).
    seq                   bigint      GENERATED ALWAYS AS IDENTITY UNIQUE,
    version               int         NOT NULL DEFAULT 1,
    kind                  text        NOT NULL CHECK (kind IN ('acknowledgement', 'delay', 'cleared', 'pushed_back',
                                        'returned', 'denied', 'approved', 'replaced', 'alert', 'escalation', 'blind')),
    subject_id            text        NOT NULL,
    event_source          text        NOT NULL,
    event_id              text        NOT NULL,
    authorization_version int,
    -- Empty where no usable address is known: such a notice is born failed (case 62).
    recipient             text        NOT NULL,
    copies                text[]      NOT NULL DEFAULT '{}',
    message_id            text        NOT NULL,
    -- The mail itself, written once at the reservation: each attempt sends these bytes.
    message               bytea       NOT NULL,
    reserved_at           timestamptz NOT NULL,
    state                 text        NOT NULL CHECK (state IN ('due', 'sending', 'sent', 'failed')),
    due_at                timestamptz NOT NULL,
    first_tried_at        timestamptz,
    attempts              int         NOT NULL DEFAULT 0,
    unknown_outcomes      int         NOT NULL DEFAULT 0,
    last_answer           text,
    lease_token           uuid,
    lease_until           timestamptz,
    finished_at           timestamptz,
    CHECK ((state = 'sending') = (lease_token IS NOT NULL)),
    CHECK ((lease_token IS NULL) = (lease_until IS NULL)),
    CHECK ((state IN ('sent', 'failed')) = (finished_at IS NOT NULL)),
    CHECK (recipient <> '' OR state = 'failed'),
    CHECK ((kind IN ('approved', 'replaced')) = (authorization_version IS NOT NULL)),
    UNIQUE (event_source, event_id, recipient)
);
-- Exactly one approval email for each issued I-20 (case 61), also when the same issuance is told in two events.
CREATE UNIQUE INDEX notice_approval ON notice (subject_id, authorization_version)
    WHERE authorization_version IS NOT NULL;
CREATE INDEX notice_unfinished ON notice (subject_id, recipient, seq) WHERE state IN ('due', 'sending');
CREATE INDEX notice_due ON notice (due_at) WHERE state = 'due';
CREATE INDEX notice_leased ON notice (lease_until) WHERE state = 'sending';
CREATE INDEX notice_failed ON notice (seq) WHERE state = 'failed';
CREATE INDEX notice_subject ON notice (subject_id, seq);

-- Every change of a notice's state, and who read a mail.
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
