-- The audit record of a service and its seals, the same in every schema (P40). Applied after the service's own files.

CREATE TABLE IF NOT EXISTS audit (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz NOT NULL,
    actor   text NOT NULL,
    action  text NOT NULL,
    subject text NOT NULL,
    detail  jsonb NOT NULL DEFAULT '{}'
);

-- One link for each committed row, in the order in which the sealing loop found them.
CREATE TABLE audit_seal (
    position   bigint PRIMARY KEY CHECK (position > 0),
    row_id     bigint NOT NULL UNIQUE,
    row_digest bytea NOT NULL,
    previous   bytea NOT NULL,
    sealed_at  timestamptz NOT NULL
);

-- Retention may remove rows whose removal it has written down; nothing else ever changes.
CREATE FUNCTION audit_is_guarded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'audit' AND current_setting('cpt.retention', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'the audit record is append-only';
END $$;
DROP TRIGGER IF EXISTS audit_append_only ON audit;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_guarded();
CREATE TRIGGER audit_seal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_guarded();
REVOKE UPDATE, DELETE, TRUNCATE ON audit, audit_seal FROM CURRENT_USER;
