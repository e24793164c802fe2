"""Intake's settings."""

from collections.abc import Iterator

from pydantic import Field, SecretStr

from cpt.runtime.sections import ConsultationSettings
from cpt.runtime.settings import Section, Settings


class DocumentSettings(Section):
    """Where uploads are kept, and what looks at them first."""

    url: str = ""
    """`file:///folder` or `s3://bucket/prefix`."""
    max_bytes: int = 10 * 1024**2
    """Largest upload."""
    clamav_host: str = ""
    """The virus scanner; without one the case file says so."""
    clamav_port: int = 3310
    """Port of the virus scanner."""


class QuotaSettings(Section):
    """What one student may have here at a time: far more than anybody needs, far less than would be in others' way."""

    open_requests: int = Field(default=20, ge=1)
    """Requests of a student that are neither issued nor withdrawn nor denied."""
    uploads: int = Field(default=100, ge=1)
    """Files of a student that are kept within 24 hours."""
    draft_bytes: int = Field(default=65_536, ge=1_024)
    """Size of the one draft of a new request that a student has."""


class AdviceSettings(Section):
    """Who advises students, as links on the start page."""

    hub_url: str = ""
    """Page of the Career Development Hub; empty: no link."""
    colleges_url: str = ""
    """Page of the colleges' career offices; empty: no link."""


class HandshakeSettings(Section):
    """Its read API, for a campus without an adapter (docs/connect.md)."""

    url: str = ""
    """Address before the path of the mapping; empty: nobody asks."""
    key: SecretStr = SecretStr("")
    """The API key, sent as a bearer token."""
    mapping: str = ""
    """File that says how the campus names an experience; absent: the shipped names."""
    poll_seconds: float = Field(default=300, ge=1)
    """Pause between two rounds of questions."""


class ReminderSettings(Section):
    """Of which days that come near a student is reminded while a request is in work."""

    start_days: int = Field(default=2, ge=0, le=30)
    """Days before the requested first day on which a student without an I-20 is told not to begin; 0: never."""
    term_days: int = Field(default=14, ge=0, le=90)
    """Days before a term on which a student is reminded of the enrollment that the request lacks in it; 0: never."""


class IntakeSettings(Settings):
    handshake: HandshakeSettings = HandshakeSettings()
    documents: DocumentSettings = DocumentSettings()
    advice: AdviceSettings = AdviceSettings()
    quotas: QuotaSettings = QuotaSettings()
    consultation: ConsultationSettings = ConsultationSettings()
    reminders: ReminderSettings = ReminderSettings()

    def _unfit(self) -> Iterator[str]:
        yield from super()._unfit()
        yield from self.office.missing()
