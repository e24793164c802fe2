"""How to reach Kafka; apart from `kafka`, so that settings can be read without a Kafka client."""

import ssl
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, SecretStr, model_validator

from cpt.messaging.oauth_settings import OAuthSettings

Mechanism = Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN", "OAUTHBEARER", "AWS_MSK_IAM"]


class KafkaSettings(BaseModel):
    """Times are milliseconds."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    bootstrap_servers: str = "127.0.0.1:9092"
    """Addresses of the brokers, with commas."""
    tls: bool = False
    """Speak TLS; certificates and host names are always checked."""
    ca_file: str = ""
    """PEM file of the authority that signed the brokers' certificates; empty: those this machine trusts."""
    cert_file: str = ""
    """PEM file of the certificate that this service shows the brokers (mutual TLS), with the chain behind it; needs `key_file`."""
    key_file: str = ""
    """PEM file of the certificate's private key."""
    key_password: SecretStr = SecretStr("")
    """Of the key file, where it is encrypted."""
    mechanism: Mechanism = "SCRAM-SHA-512"
    """How a login is proven: SCRAM and PLAIN with `username`, OAUTHBEARER with `oauth`, AWS_MSK_IAM with the role of the pod."""
    username: str = ""
    """Principal of a SCRAM or PLAIN login; empty: no such login."""
    password: SecretStr = SecretStr("")
    """Of the login."""
    oauth: OAuthSettings = OAuthSettings()
    aws_region: str = ""
    """Region of an MSK cluster, for AWS_MSK_IAM."""
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

    @property
    def logs_in(self) -> bool:
        return bool(self.username) or self.mechanism in ("OAUTHBEARER", "AWS_MSK_IAM")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Raises ValueError with one line for each setting that contradicts another."""
        if faults := [*self._faults()]:
            raise ValueError("\n".join(faults))
        return self

    def _faults(self) -> Iterator[str]:
        if bool(self.cert_file) != bool(self.key_file) or (self.cert_file and not self.tls):
            yield "CPT_KAFKA__CERT_FILE, CPT_KAFKA__KEY_FILE and CPT_KAFKA__TLS belong together"
        if self.username and self.mechanism in ("OAUTHBEARER", "AWS_MSK_IAM"):
            yield f"{self.mechanism} knows no CPT_KAFKA__USERNAME"

    def missing(self) -> list[str]:
        """One line for each thing that a login lacks, for those who log in: a web process may know half of it."""
        needed = {
            "OAUTHBEARER": {"OAUTH__TOKEN_URL": self.oauth.token_url, "OAUTH__CLIENT_ID": self.oauth.client_id},
            "AWS_MSK_IAM": {"AWS_REGION": self.aws_region},
        }.get(self.mechanism, {})
        lines = [f"{self.mechanism} needs CPT_KAFKA__{name}" for name, value in needed.items() if not value]
        if self.mechanism == "AWS_MSK_IAM" and find_spec("aws_msk_iam_sasl_signer") is None:
            lines.append("AWS_MSK_IAM needs an image with Amazon's signer: --build-arg EXTRA=msk")
        return lines

    def tls_context(self) -> ssl.SSLContext | None:
        if not self.tls:
            return None
        context = ssl.create_default_context(cafile=self.ca_file or None)
        if self.cert_file:
            context.load_cert_chain(self.cert_file, self.key_file, self.key_password.get_secret_value() or None)
        return context
