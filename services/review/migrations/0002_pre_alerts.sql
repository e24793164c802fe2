-- The withdrawal alerts and the watch over the watcher (domain §4, protocol §5).

CREATE TABLE alert (
    alert_id      text PRIMARY KEY,
    loss_id       text NOT NULL UNIQUE,      -- one alert for each causing act (P25)
    kind          text NOT NULL CHECK (kind IN ('loss', 'notice')),
    state         text NOT NULL CHECK (state IN ('suspected', 'confirmed', 'acknowledged', 'closed')),
    severity      text NOT NULL CHECK (severity IN ('CRITICAL', 'HIGH', 'MEDIUM', 'LOW')),
    held          boolean NOT NULL DEFAULT false,  -- by the mass guard (P27)
    loss          jsonb NOT NULL,            -- the event that told of it
    request_ids   text[] NOT NULL,
    regained      text[] NOT NULL DEFAULT '{}',
    effective_on  date NOT NULL,
    report_by     date NOT NULL,             -- 21 calendar days from the effective date
    born_overdue  boolean NOT NULL,
    settles_at    timestamptz NOT NULL,      -- event time and the settling window (P26)
    confirmation_id text,                    -- the question to SPIRE that settles it
    confirmation_asked_at timestamptz,
    confirmed_without_spire boolean NOT NULL DEFAULT false,
    raised_at     timestamptz NOT NULL,
    confirmed_at  timestamptz,
    acknowledged_at timestamptz,
    acknowledged_by text,
    closed_at     timestamptz,
    closed_by     text,
    outcome       text CHECK (outcome IN ('re_enrolled', 'swapped', 'school_cancelled', 'authorized_withdrawal',
                    'cpt_ended_early', 'cpt_changed_in_sevis', 'reported_in_sevis', 'data_error', 'duplicate')),
    outcome_on    date,
    closed_reason text CHECK (closed_reason IN ('swapped', 're_added', 'not_confirmed', 'rejected')),
    escalations   int NOT NULL DEFAULT 0,
    notes         jsonb NOT NULL DEFAULT '[]',
    version       bigint NOT NULL DEFAULT 1,
    CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
    CHECK (state <> 'closed' OR (outcome IS NOT NULL) <> (closed_reason IS NOT NULL))
);
CREATE INDEX alert_open ON alert (state, settles_at) WHERE state <> 'closed';
CREATE INDEX alert_confirmation ON alert (confirmation_id) WHERE state = 'suspected';

-- When the watcher was last heard, and whether compliance was told that nobody watches (P30).
CREATE TABLE monitoring (
    only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    heard_at   timestamptz,
    blind_since timestamptz,
    reasons    text[] NOT NULL DEFAULT '{}',
    version    bigint NOT NULL DEFAULT 0
);
INSERT INTO monitoring DEFAULT VALUES;
