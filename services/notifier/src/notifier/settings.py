"""Notifier's settings."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from cpt.runtime.sections import ConsultationSettings
from cpt.runtime.settings import Section, Settings
from notifier.domain import usable_address


class SmtpSettings(Section):
    """The university's mail server."""

    host: str = "127.0.0.1"
    """Name or address of the mail server."""
    port: int = 25
    """Its port."""
    username: str = ""
    """Empty: no login."""
    password: SecretStr = SecretStr("")
    """Of the login."""
    security: Literal["auto", "starttls", "tls", "none"] = "auto"
    """`auto`: STARTTLS where the server offers it; `tls`: TLS from the first byte. Certificates are always checked."""
    time_limit: float = Field(default=20.0, gt=0)
    """Seconds for one whole delivery."""
    concurrency: int = Field(default=8, ge=1)
    """Deliveries at once in one process."""


class NoticeSettings(Section):
    """Who writes, who watches, how patiently."""

    office: str = ""
    """Name of the office in every mail; empty: the university's (`CPT_UNIVERSITY__OFFICE`)."""
    from_address: str = "cpt@ipo.example"
    """Sender of every mail."""
    reply_to: str = ""
    """Where answers go; empty: to the sender."""
    compliance_address: str = "compliance@ipo.example"
    """The compliance queue: alerts, escalations, blind monitoring."""
    tasks_address: str = ""
    """Tasks that nobody owns, and copies of late ones; empty: the compliance queue."""
    escalation_addresses: dict[str, str] = {}  # noqa: RUF012 pydantic copies it
    """JSON: who else gets a copy of an escalation, by its step (`pdso`, `director`, `day_7` … `breach`)."""
    message_id_domain: str = "notifier.cpt.example"
    """Domain of our Message-IDs, and our name in the greeting to the mail server."""
    retry_seconds: tuple[float, ...] = Field(default=(5, 30, 120, 600, 3600), min_length=1)
    """JSON: pauses between attempts; the last one is repeated."""
    retry_days: float = 3
    """How long after the first attempt a notice is tried again."""
    unknown_limit: int = Field(default=5, ge=1)
    """Attempts without an answer may each have arrived; after so many no further copy is risked."""
    lease_seconds: float = 60
    """How long a process may hold a notice; at least twice the time limit of a delivery (P37)."""
    poll_seconds: float = Field(default=0.2, gt=0)
    """Pause between two looks for due notices."""

    @field_validator("from_address", "compliance_address", "tasks_address")
    @classmethod
    def _can_be_written_to(cls, address: str) -> str:
        """Found at the start, not when the first alert has nowhere to go."""
        if address and usable_address(address) is None:
            raise ValueError("this is no email address")
        return address

    @property
    def lease(self) -> timedelta:
        return timedelta(seconds=self.lease_seconds)


class NotifierSettings(Settings):
    smtp: SmtpSettings = SmtpSettings()
    notifier: NoticeSettings = NoticeSettings()
    consultation: ConsultationSettings = ConsultationSettings()

    def _unfit(self) -> Iterator[str]:
        yield from super()._unfit()
        yield from self.office.missing()

    @model_validator(mode="after")
    def _lease_outlives_delivery(self) -> Self:
        if self.notifier.lease_seconds < 2 * self.smtp.time_limit:
            raise ValueError("CPT_NOTIFIER__LEASE_SECONDS must be at least twice CPT_SMTP__TIME_LIMIT (P37)")
        return self
