"""How to reach Kafka; apart from `kafka`, so that settings can be read without a Kafka client."""

import ssl
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, SecretStr


class KafkaSettings(BaseModel):
    """Times are milliseconds."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    bootstrap_servers: str = "127.0.0.1:9092"
    """Addresses of the brokers, with commas."""
    tls: bool = False
    """Speak TLS; certificates and host names are always checked."""
    ca_file: str = ""
    """PEM file of the authority that signed the brokers' certificates; empty: those this machine trusts."""
    username: str = ""
    """Principal of the SASL/SCRAM login; empty: no login."""
    password: SecretStr = SecretStr("")
    """Of the login."""
    mechanism: Literal["SCRAM-SHA-512", "SCRAM-SHA-256"] = "SCRAM-SHA-512"
    """How the login is proven."""
    session_timeout_ms: int = 15_000
    """After it the partitions of a killed worker move. Heartbeats share the event loop with the handlers, so a
    shorter one turns a stall into a rebalance."""
    heartbeat_interval_ms: int = 3_000
    """Pause between two heartbeats."""
    rebalance_timeout_ms: int = 60_000
    """How long a rebalance waits for a running batch."""
    max_records: int = 500
    """Most records of one batch, which is one transaction."""
    fetch_max_wait_ms: int = 50
    """How long the broker holds a fetch that finds nothing; a partition that was read meanwhile is fetched only after it."""
    metadata_max_age_ms: int = 30_000
    """After it the client looks for moved partitions by itself."""

    def tls_context(self) -> ssl.SSLContext | None:
        return ssl.create_default_context(cafile=self.ca_file or None) if self.tls else None

    def access(self) -> dict[str, Any]:
        """Where the brokers are and how to sign in, as every client of aiokafka takes it."""
        carried = "SSL" if self.tls else "PLAINTEXT"
        known = {"bootstrap_servers": self.bootstrap_servers, "ssl_context": self.tls_context()}
        if not self.username:
            return known | {"security_protocol": carried}
        return known | {
            "security_protocol": f"SASL_{carried}",
            "sasl_mechanism": self.mechanism,
            "sasl_plain_username": self.username,
            "sasl_plain_password": self.password.get_secret_value(),
        }
