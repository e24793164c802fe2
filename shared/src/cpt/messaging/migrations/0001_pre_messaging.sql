-- The messaging tables, the same in every service's schema (design §4, protocol §6).

-- Events to publish. A row is here or it was sent; the identity must not be cached, or the order of two
-- transactions on one aggregate could flip.
CREATE TABLE outbox (
    seq         bigint GENERATED ALWAYS AS IDENTITY (CACHE 1) PRIMARY KEY,
    event_id    text        NOT NULL,
    topic       text        NOT NULL,
    key         text        NOT NULL,
    headers     jsonb       NOT NULL,
    payload     bytea       NOT NULL CHECK (octet_length(payload) <= 900000),
    occurred_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0,
        autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 5000);

-- Rows the broker refused for good, and the later rows of their keys (P32).
CREATE TABLE outbox_quarantine (
    seq         bigint PRIMARY KEY,
    event_id    text        NOT NULL,
    topic       text        NOT NULL,
    key         text        NOT NULL,
    headers     jsonb       NOT NULL,
    payload     bytea       NOT NULL,
    occurred_at timestamptz NOT NULL,
    reason      text        NOT NULL,
    at          timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX outbox_quarantine_key ON outbox_quarantine (topic, key, seq);

-- Events whose effects are committed (P31).
CREATE TABLE inbox (
    consumer    text        NOT NULL,
    source      text        NOT NULL,
    event_id    text        NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, source, event_id)
);
CREATE INDEX inbox_age ON inbox USING brin (received_at);

-- A key with an unhandled message; whoever parks, waits, replays or discards locks this row (P33).
CREATE TABLE parked_key (
    consumer  text NOT NULL,
    topic     text NOT NULL,
    key       text NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, topic, key)
);

-- Messages that could not be handled, and those that wait behind them.
CREATE TABLE parked (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consumer        text        NOT NULL,
    topic           text        NOT NULL,
    key             text,
    partition       int         NOT NULL,
    kafka_offset    bigint      NOT NULL,
    kafka_timestamp bigint      NOT NULL,
    headers         jsonb       NOT NULL,
    payload         bytea       NOT NULL,
    reason          text        NOT NULL,
    error_class     text        NOT NULL,
    attempts        int         NOT NULL,
    first_at        timestamptz NOT NULL DEFAULT now(),
    state           text        NOT NULL DEFAULT 'parked' CHECK (state IN ('parked', 'replayed', 'discarded')),
    decided_by      text,
    decided_at      timestamptz,
    CHECK ((state = 'parked') = (decided_at IS NULL)),
    -- The broker's time is in it because offsets start again when a topic is made anew.
    UNIQUE (consumer, topic, partition, kafka_offset, kafka_timestamp)
);
CREATE INDEX parked_open ON parked (consumer, topic, key, id) WHERE state = 'parked';
CREATE INDEX parked_recent ON parked (consumer, first_at);

-- What became of every consumed record: consumed = processed + parked + ignored + duplicates (P35).
CREATE TABLE progress (
    consumer   text   NOT NULL,
    topic      text   NOT NULL,
    partition  int    NOT NULL,
    reached    bigint NOT NULL,
    processed  bigint NOT NULL DEFAULT 0,
    parked     bigint NOT NULL DEFAULT 0,
    ignored    bigint NOT NULL DEFAULT 0,
    duplicates bigint NOT NULL DEFAULT 0,
    redelivered bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (consumer, topic, partition)
) WITH (fillfactor = 50);
