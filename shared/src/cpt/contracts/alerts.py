"""What review tells compliance: possible losses of the basis of an authorization, and whether anybody watches."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Literal

from cpt.contracts.event import Event
from cpt.contracts.values import AuthorizationHit, EnrollmentState, Recipient, Severity


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
    kind: Literal["enrollment", "replaced", "status", "load"] = "enrollment"
    other_courses: tuple[str, ...] = ()
    replacement: str | None = None
    """The course that was added in the same act, where `kind` is `replaced`."""


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


class AlertReopened(_AlertEvent):
    """Compliance is not satisfied with the outcome; the alert is a person's again."""

    TYPE: ClassVar[str] = "edu.umass.cpt.alert-reopened.v1"

    loss_id: str
    request_ids: tuple[str, ...]
    severity: Severity
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
