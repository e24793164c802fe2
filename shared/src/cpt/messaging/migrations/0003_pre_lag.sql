-- How many records wait in each partition, as its worker last heard from the broker: the web process holds no client.
CREATE TABLE lag (
    consumer  text        NOT NULL,
    topic     text        NOT NULL,
    partition int         NOT NULL,
    records   bigint      NOT NULL CHECK (records >= 0),
    heard_at  timestamptz NOT NULL,
    PRIMARY KEY (consumer, topic, partition)
) WITH (fillfactor = 50);
