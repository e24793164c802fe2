"""Settings from the environment (`CPT_…`, nested by `__`), secrets also from files."""

import os
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from cpt.messaging.kafka_settings import KafkaSettings
from cpt.postgres import PostgresSettings


class HttpSettings(BaseModel):
    """Where the process listens; a worker serves only its probes and metrics there."""

    host: str = "127.0.0.1"
    port: int = 8000
    forwarded_allow_ips: str = "127.0.0.1"


class OidcSettings(BaseModel):
    """The university's sign-in. `client_secret` is absent for a public client."""

    issuer: str = ""
    client_id: str = "cpt"
    client_secret: SecretStr | None = None


class SpireSettings(BaseModel):
    """SPIRE's read side; `timeout` is seconds for one call."""

    url: str = ""
    token: SecretStr = SecretStr("")
    timeout: float = 5.0


class LinkSettings(BaseModel):
    """Outer addresses that notices and pages point to."""

    intake: str = ""
    review: str = ""


class Settings(BaseSettings):
    """What all services have in common; each service adds its own."""

    model_config = SettingsConfigDict(
        env_prefix="CPT_", env_nested_delimiter="__", extra="ignore", hide_input_in_errors=True
    )

    environment: Literal["development", "production"] = "development"
    clock_offset: float = 0.0
    log_level: str = "INFO"
    public_url: str = ""
    session_key: SecretStr | None = None
    http: HttpSettings = HttpSettings()
    postgres: PostgresSettings
    kafka: KafkaSettings = KafkaSettings()
    oidc: OidcSettings = OidcSettings()
    spire: SpireSettings = SpireSettings()
    links: LinkSettings = LinkSettings()

    def __init__(self, **values: object) -> None:
        folder = os.environ.get("CPT_SECRETS_DIR")
        usable = folder if folder and Path(folder).is_dir() else None
        super().__init__(_secrets_dir=usable, **values)  # type: ignore[arg-type]  # pydantic types keywords as fields

    @model_validator(mode="after")
    def _no_shifted_clock_in_production(self) -> Self:
        if self.environment == "production" and self.clock_offset:
            raise ValueError("CPT_CLOCK_OFFSET is for tests and demonstrations, not for production")
        return self
