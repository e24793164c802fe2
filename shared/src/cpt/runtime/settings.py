"""Settings from the environment (`CPT_…`, nested by `__`), secrets also from files."""

import os
from collections.abc import Iterator
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
from cpt.runtime.production import demonstration_values, unknown_variables
from cpt.runtime.sections import (
    HttpSettings,
    LinkSettings,
    OfficeSettings,
    OidcSettings,
    PolicySettings,
    RetentionSettings,
    Section,
    SpireSettings,
    UniversitySettings,
)

__all__ = [
    "HttpSettings",
    "LinkSettings",
    "OfficeSettings",
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
    actor: str = ""
    """Who runs a command whose act is audited; `--as NAME` wins over it."""
    log_level: str = "INFO"
    """Lowest level that is logged."""
    public_url: str = ""
    """Outer address of this service's pages; the listening address where absent."""
    session_key: SecretStr | None = None
    """At least 32 characters that seal browser sessions; absent, they end with the process. Several by spaces: the first
    seals, all open, so that a new one in front signs nobody out.
    """
    http: HttpSettings = HttpSettings()
    postgres: PostgresSettings
    kafka: KafkaSettings = KafkaSettings()
    oidc: OidcSettings = OidcSettings()
    spire: SpireSettings = SpireSettings()
    links: LinkSettings = LinkSettings()
    office: OfficeSettings = OfficeSettings()
    traces: TraceSettings = TraceSettings()
    retention: RetentionSettings = RetentionSettings()
    policy: PolicySettings = PolicySettings()
    university: UniversitySettings = UniversitySettings()

    def __init__(self, **values: object) -> None:
        folder = _secrets_folder()
        super().__init__(_secrets_dir=folder, **values)  # type: ignore[arg-type]  # pydantic types keywords as fields
        if folder and "CPT_POSTGRES__DSN" not in os.environ:
            self.postgres.read_from(Path(folder) / "CPT_POSTGRES__DSN")

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
        """Raises ValueError with one line for each thing that is only for tests and demonstrations."""
        if self.environment == "production" and (faults := [*self._unfit()]):
            raise ValueError("\n".join(faults))
        return self

    def _unfit(self) -> Iterator[str]:
        if self.clock_offset:
            yield "CPT_CLOCK_OFFSET is for tests and demonstrations, not for production"
        if self.crash_at:
            yield "CPT_CRASH_AT is for the fault suite, not for production"
        if self.kafka.logs_in and not self.kafka.tls:
            yield "a login at Kafka needs CPT_KAFKA__TLS in production"
        yield from unknown_variables(os.environ, _secrets_folder())
        yield from demonstration_values(self)


def _secrets_folder() -> str | None:
    folder = os.environ.get("CPT_SECRETS_DIR")
    return folder if folder and Path(folder).is_dir() else None


class TopicSettings(Settings):
    """For the job that makes the topics, which has no database."""

    postgres: PostgresSettings = PostgresSettings(dsn=SecretStr(""))
