"""What enrollment-sync tells: answers to checks, losses after issuance, its own health."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal

from cpt.contracts.event import Event, RequestEvent, Wire
from cpt.contracts.values import (
    AuthorizationHit,
    EnrollmentState,
    Finding,
    Flag,
    Outcome,
    StudentProfile,
)


class _EnrollmentEvent(RequestEvent):
    TOPIC: ClassVar[str] = "cpt.enrollment"
    SOURCE: ClassVar[str] = "/cpt/enrollment-sync"


class EnrollmentChecked(_EnrollmentEvent):
    """The answer of a check. `asked_by` names every question that had arrived when its SPIRE read began (P21)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.enrollment-checked.v1"

    emplid: str
    check_no: int
    facts_version: int
    calendar_version: int
    rule_version: str
    outcome: Outcome
    findings: tuple[Finding, ...]
    flags: tuple[Flag, ...]
    asked_by: tuple[str, ...]
    checked_at: datetime
    student: StudentProfile | None


class RequirementLost(_EnrollmentEvent):
    """After issuance a watched requirement is gone; sent once per request concerned (P25)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.requirement-lost.v1"

    loss_id: str
    emplid: str
    student_name: str | None
    sevis_id: str | None
    authorizations: tuple[AuthorizationHit, ...]
    strm: str
    class_nbr: str | None
    course: str | None
    previous: EnrollmentState | None
    current: EnrollmentState | None
    cause: Literal["dropped", "withdrawn", "term_withdrawn", "school_side", "units", "audit", "vanished", "other"]
    effective_on: date
    event_time: datetime
    received_at: datetime
    detected_at: datetime
    actor: str | None
    evidence: str | None
    held: bool
    """The mass guard holds it until a director releases it (P27)."""
    qualifying_left: tuple[str, ...] | None = None
    units_after: Decimal | None = None
    full_load: Decimal | None = None


class RequirementRegained(_EnrollmentEvent):
    """A lost requirement is met again for these requests; `by` tells what showed it (P25, P26)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.requirement-regained.v1"

    loss_id: str
    emplid: str
    request_ids: tuple[str, ...]
    by: Literal["re_added", "swapped", "read"]
    at: datetime


class QualifyingCourseReplaced(_EnrollmentEvent):
    """Another qualifying course took the place of the approved one: a notice, never an alarm (P26)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.qualifying-course-replaced.v1"

    loss_id: str
    emplid: str
    student_name: str | None
    authorizations: tuple[AuthorizationHit, ...]
    strm: str
    previous_course: str
    course: str
    effective_on: date
    event_time: datetime
    received_at: datetime
    detected_at: datetime


class CalendarRevised(Event):
    """The whole academic calendar of a new version (case 26)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.calendar-revised.v1"
    TOPIC: ClassVar[str] = "cpt.enrollment"
    SOURCE: ClassVar[str] = "/cpt/enrollment-sync"

    version: int
    calendar: dict[str, Any]

    @property
    def key(self) -> str:
        return "calendar"


class Alarm(Wire):
    """What operations must mend at the watcher's; nothing about one student."""

    code: str
    since: datetime
    detail: str


class MonitoringAlive(Event):
    """Every minute, and whenever what it says is new: the watcher is alive, and what it last heard (P30)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.monitoring-alive.v1"
    TOPIC: ClassVar[str] = "cpt.enrollment"
    SOURCE: ClassVar[str] = "/cpt/enrollment-sync"

    at: datetime
    lag: int
    last_registrar_event_at: datetime | None
    last_reconciliation_at: datetime | None
    blind_because: tuple[str, ...]
    alarms: tuple[Alarm, ...] = ()

    @property
    def key(self) -> str:
        return "monitoring"
