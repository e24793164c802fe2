"""The campus's settings, read once in `__main__` and passed down."""

import os
from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

HOST = os.environ.get("CPT_CAMPUS__HOST") or "127.0.0.1"  # nothing here asks who is calling: a private link at most
AUDIENCE = ["intake", "enrollment-sync", "review", "notifier"]
TOKEN_SECONDS = 24 * 3600  # docs/connect.md: at least 12 h


class Settings(BaseSettings):
    """Every field is `CPT_CAMPUS__<NAME>`; the names all processes share (`CPT_KAFKA__…`) count where it is absent."""

    model_config = SettingsConfigDict(env_prefix="CPT_CAMPUS__", populate_by_name=True, extra="ignore")

    port: int = 8400
    smtp_port: int = 8425
    kafka: str = Field(
        default="",
        description="bootstrap servers; empty: no events can be sent",
        validation_alias=AliasChoices("CPT_CAMPUS__KAFKA", "CPT_KAFKA__BOOTSTRAP_SERVERS"),
    )
    state_dir: Path = Field(default=Path(".run/campus"), description="keeps the signing key")
    spire_token: SecretStr = Field(
        default=SecretStr("campus-demo"),
        description="the bearer token of SPIRE's service account",
        validation_alias=AliasChoices("CPT_CAMPUS__SPIRE_TOKEN", "CPT_SPIRE__TOKEN"),
    )
    handshake_key: SecretStr = Field(default=SecretStr("campus-demo"), description="the key of Handshake's read API")
    client_secret: SecretStr | None = Field(
        default=None,
        description="what a confidential sign-in client must know; absent: any secret is good",
        validation_alias=AliasChoices("CPT_CAMPUS__CLIENT_SECRET", "CPT_OIDC__CLIENT_SECRET"),
    )
    slow_seconds: float = Field(default=5.0, ge=0, description="how long SPIRE takes in mode `slow`")
    console_links: dict[str, str] = Field(default_factory=dict, description="outer address per service")
    clock_offset: float = Field(default=0.0, description="seconds", validation_alias="CPT_CLOCK_OFFSET")

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def issuer(self) -> str:
        return f"{self.url}/oidc"
