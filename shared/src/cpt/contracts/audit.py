"""What every service tells about its own audit record."""

from datetime import datetime
from typing import ClassVar

from cpt.contracts.event import Event


class AuditSealed(Event):
    """The audit record had this many sealed rows, and its chain ended so: who cuts it later contradicts this (P40)."""

    at: datetime
    count: int
    head: str

    @property
    def key(self) -> str:
        return "audit"


class IntakeAuditSealed(AuditSealed):
    """The head of intake's audit record."""

    TYPE: ClassVar[str] = "edu.umass.cpt.intake-audit-sealed.v1"
    TOPIC: ClassVar[str] = "cpt.intake"
    SOURCE: ClassVar[str] = "/cpt/intake"


class EnrollmentAuditSealed(AuditSealed):
    """The head of enrollment-sync's audit record."""

    TYPE: ClassVar[str] = "edu.umass.cpt.enrollment-audit-sealed.v1"
    TOPIC: ClassVar[str] = "cpt.enrollment"
    SOURCE: ClassVar[str] = "/cpt/enrollment-sync"


class ReviewAuditSealed(AuditSealed):
    """The head of review's audit record."""

    TYPE: ClassVar[str] = "edu.umass.cpt.review-audit-sealed.v1"
    TOPIC: ClassVar[str] = "cpt.review"
    SOURCE: ClassVar[str] = "/cpt/review"


class NotifierAuditSealed(AuditSealed):
    """The head of notifier's audit record."""

    TYPE: ClassVar[str] = "edu.umass.cpt.notifier-audit-sealed.v1"
    TOPIC: ClassVar[str] = "cpt.notifier"
    SOURCE: ClassVar[str] = "/cpt/notifier"
