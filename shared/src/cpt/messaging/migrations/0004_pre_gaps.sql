-- Records that were gone before they were read, each gap once; nobody changes a row.
CREATE TABLE gap (
    consumer   text        NOT NULL,
    topic      text        NOT NULL,
    partition  int         NOT NULL,
    first      bigint      NOT NULL,
    last       bigint      NOT NULL CHECK (last >= first),
    noticed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (consumer, topic, partition, first)
);

-- Which topic of a name the offsets in `progress` belong to: one that was deleted and made again has another id.
CREATE TABLE topic_seen (
    consumer   text        NOT NULL,
    topic      text        NOT NULL,
    id         uuid        NOT NULL,
    made_again uuid,
    noticed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (consumer, topic)
);
