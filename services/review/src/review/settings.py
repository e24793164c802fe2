"""Review's settings."""

from datetime import timedelta
from typing import Literal

from pydantic import Field

from cpt.runtime.settings import Section, Settings


class ReviewRules(Section):
    """Minutes allow fractions."""

    pending_hold_minutes: float = 30
    """How long a number whose check is pending holds the line, once (P11)."""
    settling_minutes: float = 15
    """How long a suspicion settles, counted from the time of the event (P26)."""
    hole_alarm_minutes: float = 10
    """After it a number that has not arrived alarms operations."""
    issuance_minutes: float = 15
    """How long the answer to an issuance question opens the gate (P21)."""
    task_escalation_days: int = Field(default=2, ge=0, le=365)
    """Business days until an open task is escalated to the director."""

    digest_hour: int = Field(default=7, ge=0, le=24)
    """Eastern hour of business days from which each person of the office is mailed what is open for them; 24: never."""

    report_hour: int = Field(default=7, ge=0, le=24)
    """Eastern hour of a month's first business day from which the director is mailed what became of the requests of the
    month before; 24: never."""

    i20_fetch_days: float = Field(default=3, gt=0)
    """Days after which a student who has not fetched the signed I-20 is reminded, and a task opened (A28)."""

    ending_days: int = Field(default=14, ge=0, le=90)
    """Days before the last authorized day on which the student is reminded of it; 0: never."""

    @property
    def i20_patience(self) -> timedelta:
        return timedelta(days=self.i20_fetch_days)

    @property
    def pending_hold(self) -> timedelta:
        return timedelta(minutes=self.pending_hold_minutes)

    @property
    def settling(self) -> timedelta:
        return timedelta(minutes=self.settling_minutes)

    @property
    def hole_alarm(self) -> timedelta:
        return timedelta(minutes=self.hole_alarm_minutes)

    @property
    def issuance_valid(self) -> timedelta:
        return timedelta(minutes=self.issuance_minutes)


class DocumentSettings(Section):
    """Where intake keeps the documents."""

    url: str = "file:///var/lib/cpt/documents"
    """`file:///…` or `s3://bucket/prefix`."""


class SevisSettings(Section):
    """How batch files for SEVIS are made; the system itself never connects to SEVIS."""

    schools: dict[str, str] = {}  # noqa: RUF012 settings copy their defaults
    """School code of each campus, as JSON: `{"Amherst": "BOS214F00000000"}`. Without one no batch is drawn up."""
    schema_version: Literal["6.55", "6.31"] = "6.55"
    """Version of SEVIS's schema that files are written in."""
    schemas: str = ""
    """Folder of the official schema files of that version; a batch is compared with them as well where they are given."""
    hint: str = "http://www.ice.gov/xmlschema/sevisbatch/Create-UpdateStudent.xsd"
    """Schema location that a file names for SEVIS's own readers; empty: none. It is never called up."""


class ReviewSettings(Settings):
    review: ReviewRules = ReviewRules()
    documents: DocumentSettings = DocumentSettings()
    sevis: SevisSettings = SevisSettings()
