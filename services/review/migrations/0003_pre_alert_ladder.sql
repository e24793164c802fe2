-- Which rungs of the escalation ladder an alert has taken, each once.
CREATE TABLE alert_step (
    alert_id text NOT NULL REFERENCES alert,
    step     text NOT NULL CHECK (step IN ('pdso', 'director', 'day_7', 'day_14', 'day_18', 'breach')),
    taken_at timestamptz NOT NULL,
    PRIMARY KEY (alert_id, step)
);

-- A second person must confirm some outcomes (domain §4).
ALTER TABLE alert ADD COLUMN proposed_outcome text;
ALTER TABLE alert ADD COLUMN proposed_by text;
