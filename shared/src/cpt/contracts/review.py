"""What review tells: how the line moves, what the advisers decide, what compliance must see."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from cpt.contracts.event import Event, RequestEvent, Wire
from cpt.contracts.values import (
    AuthorizationHit,
    EnrollmentState,
    Facts,
    Gap,
    Hours,
    Person,
    Recipient,
    Segment,
    Severity,
    SevisDocument,
)


class ReviewEvent(RequestEvent):
    """What every event about a case carries."""

    TOPIC: ClassVar[str] = "cpt.review"
    SOURCE: ClassVar[str] = "/cpt/review"

    round: int
    receipt_number: int | None


class CaseAssigned(ReviewEvent):
    """An adviser took the next case; its event id asks for a fresh check (P21)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.case-assigned.v1"

    facts: Facts
    adviser: Person
    at: datetime
    unverified: bool


class CaseApproved(ReviewEvent):
    """Approved, not yet issued: no email leaves on it (R54, R61)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.case-approved.v1"

    facts: Facts
    adviser: Person
    at: datetime
    segments: tuple[Segment, ...]


class IssuanceAsked(ReviewEvent):
    """An adviser is about to issue; its event id asks for a fresh check (R30, P21)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.issuance-asked.v1"

    facts: Facts
    at: datetime


class CaseGivenBack(ReviewEvent):
    TYPE: ClassVar[str] = "edu.umass.cpt.case-given-back.v1"

    at: datetime


class CaseReassigned(ReviewEvent):
    TYPE: ClassVar[str] = "edu.umass.cpt.case-reassigned.v1"

    adviser: Person
    at: datetime


class CaseWithdrawn(ReviewEvent):
    """The withdrawal stands; counts in any round (P1, P8)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.case-withdrawn.v1"

    at: datetime


class ReturnReason(Wire):
    text: str
    item: str | None = None


class CaseReturned(ReviewEvent):
    """An adviser sent it back; each reason is something only the student clears (P6)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.case-returned.v1"

    reference: str
    reasons: tuple[ReturnReason, ...]
    office_error: bool
    recipient: Recipient
    at: datetime


class CaseDenied(ReviewEvent):
    """Denied by a person (R60); counts in any round."""

    TYPE: ClassVar[str] = "edu.umass.cpt.case-denied.v1"

    reference: str
    reason: str
    recipient: Recipient
    at: datetime


class StartPushedBack(ReviewEvent):
    """The office set a later start than the student asked for (R49)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.start-pushed-back.v1"

    reference: str
    requested_start: date
    authorized_start: date
    reason: str
    recipient: Recipient
    at: datetime


class I20Issued(ReviewEvent):
    """The I-20 with the CPT endorsement exists: the one event the approval email leaves on (R54–R61)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.i20-issued.v1"

    reference: str
    facts: Facts
    authorization_version: int
    replaces: int | None
    relied_on_check: int
    employer: str
    location: str
    hours: Hours
    requested_start: date
    segments: tuple[Segment, ...]
    gaps: tuple[Gap, ...]
    issued_on: date
    issued_at: datetime
    signed_by: str
    recorded_by: Person
    document: SevisDocument
    recipient: Recipient


class _AlertEvent(Event):
    TOPIC: ClassVar[str] = "cpt.review"
    SOURCE: ClassVar[str] = "/cpt/review"

    alert_id: str

    @property
    def key(self) -> str:
        return self.alert_id


class ConfirmationAsked(_AlertEvent):
    """The settling window has passed: does a SPIRE read begun now still show the loss (P26)?"""

    TYPE: ClassVar[str] = "edu.umass.cpt.confirmation-asked.v1"

    loss_id: str
    request_ids: tuple[str, ...]
    at: datetime
    rejected: bool = False
    """A director rejected a loss that the mass guard held: forget it, and look again (P27)."""


class AlertRaised(_AlertEvent):
    """A confirmed alert: a possible loss of the basis of an authorization; a person judges it (R33)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.alert-raised.v1"

    loss_id: str
    severity: Severity
    overdue: bool
    emplid: str
    student_name: str | None
    sevis_id_masked: str | None
    authorizations: tuple[AuthorizationHit, ...]
    strm: str
    course: str | None
    cause: str
    effective_on: date
    received_at: datetime
    detected_at: datetime
    report_by: date
    days_left: int
    assigned_adviser: Recipient | None
    confirmed_without_spire: bool
    class_nbr: str | None = None
    previous: EnrollmentState | None = None
    current: EnrollmentState | None = None
    actor: str | None = None
    program: str | None = None
    level: str | None = None
    learned_on_day: int | None = None
    units_after: Decimal | None = None
    full_load: Decimal | None = None


class AlertEscalated(_AlertEvent):
    """The clock reached a step of the ladder without an outcome."""

    TYPE: ClassVar[str] = "edu.umass.cpt.alert-escalated.v1"

    loss_id: str
    severity: Severity
    step: str
    days_left: int
    report_by: date
    at: datetime


class AlertClosed(_AlertEvent):
    """A person recorded the outcome; the watch follows the new end (P28)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.alert-closed.v1"

    loss_id: str
    request_ids: tuple[str, ...]
    outcome: str
    authorized_until: date | None
    canceled: bool
    at: datetime


class _MonitoringEvent(Event):
    TOPIC: ClassVar[str] = "cpt.review"
    SOURCE: ClassVar[str] = "/cpt/review"

    at: datetime
    reasons: tuple[str, ...]

    @property
    def key(self) -> str:
        return "monitoring"


class MonitoringBlind(_MonitoringEvent):
    """Missing alerts are the worst failure: compliance learns that nobody watches (P30)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.monitoring-blind.v1"


class MonitoringRestored(_MonitoringEvent):
    TYPE: ClassVar[str] = "edu.umass.cpt.monitoring-restored.v1"
