"""Notifier's settings."""

from datetime import timedelta
from typing import Self

from pydantic import BaseModel, model_validator

from cpt.runtime.settings import Settings
from notifier.mailer import SmtpSettings


class NoticeSettings(BaseModel):
    """Who writes, who watches, how patiently.

    `escalation_addresses`: who else gets a copy of an escalation, by its step. `retry_seconds`: pauses between
    attempts, the last one repeated for `retry_days`. `unknown_limit`: attempts whose outcome nobody knows may each
    have arrived; after so many no more copies are risked. `lease_seconds`: at least twice the time limit (P37).
    """

    office: str = "International Programs Office"
    from_address: str = "cpt@ipo.example"
    reply_to: str = ""
    compliance_address: str = "compliance@ipo.example"
    escalation_addresses: dict[str, str] = {}
    message_id_domain: str = "notifier.cpt.example"
    retry_seconds: tuple[float, ...] = (5, 30, 120, 600, 3600)
    retry_days: float = 3
    unknown_limit: int = 5
    lease_seconds: float = 60
    poll_seconds: float = 0.2

    @property
    def lease(self) -> timedelta:
        return timedelta(seconds=self.lease_seconds)


class NotifierSettings(Settings):
    smtp: SmtpSettings = SmtpSettings()
    notifier: NoticeSettings = NoticeSettings()

    @model_validator(mode="after")
    def _lease_outlives_delivery(self) -> Self:
        if self.notifier.lease_seconds < 2 * self.smtp.time_limit:
            raise ValueError("CPT_NOTIFIER__LEASE_SECONDS must be at least twice CPT_SMTP__TIME_LIMIT (P37)")
        return self
