"""How to reach Kafka; apart from `kafka`, so that settings can be read without a Kafka client."""

from pydantic import BaseModel, ConfigDict


class KafkaSettings(BaseModel):
    """Times are milliseconds."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    bootstrap_servers: str = "127.0.0.1:9092"
    """Addresses of the brokers, with commas."""
    session_timeout_ms: int = 15_000
    """After it the partitions of a killed worker move. Heartbeats share the event loop with the handlers, so a
    shorter one turns a stall into a rebalance."""
    heartbeat_interval_ms: int = 3_000
    """Pause between two heartbeats."""
    rebalance_timeout_ms: int = 60_000
    """How long a rebalance waits for a running batch."""
    max_records: int = 500
    """Most records of one batch, which is one transaction."""
    batch_timeout_ms: int = 10
    """How long an empty poll waits; it is waited twice."""
    metadata_max_age_ms: int = 30_000
    """After it the client looks for moved partitions by itself."""
