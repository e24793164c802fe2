"""How to reach Kafka; apart from `kafka`, so that settings can be read without a Kafka client."""

from pydantic import BaseModel


class KafkaSettings(BaseModel):
    """Times are milliseconds. `session_timeout_ms`: a killed worker's partitions move after it; heartbeats share
    the event loop with the handlers, so a shorter one turns a stall into a rebalance.
    """

    bootstrap_servers: str = "127.0.0.1:9092"
    session_timeout_ms: int = 15_000
    heartbeat_interval_ms: int = 3_000
    rebalance_timeout_ms: int = 60_000
    max_records: int = 500
    batch_timeout_ms: int = 10
    metadata_max_age_ms: int = 30_000
