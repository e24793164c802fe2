-- The registrar's last sign of life, about whomever (P30). A batch holds this row until it commits, so that it is none
-- that a heartbeat locks; `monitoring.heard_at` is no longer written.
CREATE TABLE registrar_sign (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    heard_at timestamptz
);
INSERT INTO registrar_sign SELECT true, heard_at FROM monitoring;
