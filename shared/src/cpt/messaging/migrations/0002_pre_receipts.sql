-- What became of a campus event, by its id.

-- Campus events that came over HTTP: taken at, and where the relay put them. Nothing of a person but the event's id.
CREATE TABLE accepted_event (
    source       text        NOT NULL,
    event_id     text        NOT NULL,
    accepted_at  timestamptz NOT NULL DEFAULT now(),
    sent_at      timestamptz,
    partition    int,
    kafka_offset bigint,
    PRIMARY KEY (source, event_id),
    CHECK (num_nonnulls(sent_at, partition, kafka_offset) IN (0, 3))
);
CREATE INDEX accepted_event_age ON accepted_event USING brin (accepted_at);

-- A hash, since an id that came over Kafka may be of any length. Parking is bounded, so the table is small and soon read.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX parked_event ON parked USING hash ((headers ->> 'ce_id'));
