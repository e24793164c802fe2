"""Settings from the environment (`CPT_…`, nested by `__`), secrets also from files."""

import os
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import (
    BaseSettings,
    NestedSecretsSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from cpt.messaging.kafka_settings import KafkaSettings
from cpt.postgres import PostgresSettings
from cpt.runtime.sections import HttpSettings, LinkSettings, OidcSettings, RetentionSettings, Section, SpireSettings

__all__ = [
    "HttpSettings",
    "LinkSettings",
    "OidcSettings",
    "RetentionSettings",
    "Section",
    "Settings",
    "SpireSettings",
    "TopicSettings",
]


class TraceSettings(Section):
    """Where traces go."""

    endpoint: str = ""
    """Address of an OpenTelemetry collector (OTLP over HTTP); absent, OTEL_EXPORTER_OTLP_ENDPOINT, else no traces."""

    share: float = Field(default=1.0, ge=0, le=1)
    """Of the traces that begin here, how many are kept."""

    @property
    def address(self) -> str:
        return self.endpoint or os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT", "")


class Settings(BaseSettings):
    """What all services have in common; each service adds its own."""

    model_config = SettingsConfigDict(
        env_prefix="CPT_",
        env_nested_delimiter="__",
        extra="ignore",
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
    )

    environment: Literal["development", "production"] = "development"
    """Production refuses what is only for development."""
    clock_offset: float = 0.0
    """Seconds by which the clock is shifted; refused in production."""
    crash_at: str = ""
    """Folder in which the fault suite names the points where a process ends; refused in production."""
    log_level: str = "INFO"
    """Lowest level that is logged."""
    public_url: str = ""
    """Outer address of this service's pages; the listening address where absent."""
    session_key: SecretStr | None = None
    """At least 32 characters that seal browser sessions; absent, they end with the process."""
    http: HttpSettings = HttpSettings()
    postgres: PostgresSettings
    kafka: KafkaSettings = KafkaSettings()
    oidc: OidcSettings = OidcSettings()
    spire: SpireSettings = SpireSettings()
    links: LinkSettings = LinkSettings()
    traces: TraceSettings = TraceSettings()
    retention: RetentionSettings = RetentionSettings()

    def __init__(self, **values: object) -> None:
        folder = os.environ.get("CPT_SECRETS_DIR")
        usable = folder if folder and Path(folder).is_dir() else None
        super().__init__(_secrets_dir=usable, **values)  # type: ignore[arg-type]  # pydantic types keywords as fields

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 the library's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 the library's signature
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """A file named `CPT_POSTGRES__DSN` is nested as the variable is; a variable wins over a file."""
        return init_settings, env_settings, NestedSecretsSettingsSource(file_secret_settings)

    @model_validator(mode="after")
    def _fit_for_production(self) -> Self:
        if self.environment == "production" and self.clock_offset:
            raise ValueError("CPT_CLOCK_OFFSET is for tests and demonstrations, not for production")
        if self.environment == "production" and self.crash_at:
            raise ValueError("CPT_CRASH_AT is for the fault suite, not for production")
        if self.environment == "production" and self.kafka.username and not self.kafka.tls:
            raise ValueError("CPT_KAFKA__USERNAME needs CPT_KAFKA__TLS in production")
        return self


class TopicSettings(Settings):
    """For the job that makes the topics, which has no database."""

    postgres: PostgresSettings = PostgresSettings(dsn=SecretStr(""))
