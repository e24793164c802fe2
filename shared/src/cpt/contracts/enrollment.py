"""What enrollment-sync tells: answers to checks, losses after issuance, its own health."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal

from cpt.contracts.event import Event, RequestEvent, Wire
from cpt.contracts.values import (
    AuthorizationHit,
    EnrolledClass,
    EnrollmentState,
    Finding,
    Flag,
    NamedCourse,
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
    undetermined: Literal["no_term", "calendar_not_loaded", "term_not_read"] | None = None
    """Why nothing could be found; the first two can never be decided by waiting for SPIRE (A26)."""
    classes: tuple[EnrolledClass, ...] = ()


class RequirementLost(_EnrollmentEvent):
    """After issuance a watched requirement is gone; sent once per request concerned (P25).

    `kind` tells which: the named course (A23), a fact of the student's status (A32), or the full load (A33).
    """

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
    cause: Literal[
        "dropped",
        "withdrawn",
        "term_withdrawn",
        "session_withdrawn",
        "school_side",
        "units",
        "audit",
        "vanished",
        "reported",
        "below_full_load",
        "program_end",
        "degree_completed",
        "career_changed",
        "level_changed",
        "other",
    ]
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
    kind: Literal["enrollment", "status", "load"] = "enrollment"
    other_courses: tuple[str, ...] = ()
    """The student's other active courses in the term: what is left, not what replaces."""
    unnamed: bool = False
    """Nobody has named the course yet: the drop may or may not be of the one the CPT rests on."""


class RequirementRegained(_EnrollmentEvent):
    """A lost requirement is met again for these requests; `by` tells what showed it (P25, P26).

    Only one that a SPIRE read showed, begun after the re-add arrived, closes a suspicion; any other annotates it.
    """

    TYPE: ClassVar[str] = "edu.umass.cpt.requirement-regained.v1"

    loss_id: str
    emplid: str
    request_ids: tuple[str, ...]
    by: Literal["re_added", "swapped", "read"]
    at: datetime
    confirmed_by_read: bool = True


class QualifyingCourseReplaced(_EnrollmentEvent):
    """Another course was added in the same act in place of the named one: a DSO confirms it or not (A24, P26)."""

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
    sevis_id: str | None = None
    replaced: NamedCourse | None = None
    replacement: NamedCourse | None = None
    other_courses: tuple[str, ...] = ()


class CoursesAssumed(_EnrollmentEvent):
    """What a request of before named courses rests on: the only class that looks like training, or nobody knows.

    For each term in `unnamed` a DSO has to name the course; until then every drop in it is an alert.
    """

    TYPE: ClassVar[str] = "edu.umass.cpt.courses-assumed.v1"

    emplid: str
    courses: tuple[NamedCourse, ...]
    unnamed: tuple[str, ...]
    classes: tuple[EnrolledClass, ...]
    at: datetime


class StudentMonitoringBlind(_EnrollmentEvent):
    """A campus message about this watched student could not be read: its loss would go unseen (P29)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.student-monitoring-blind.v1"

    emplid: str
    since: datetime
    unread: tuple[str, ...]
    """What could not be read, in words for staff; the codes that were not known, never a whole message."""


class StudentMonitoringRestored(_EnrollmentEvent):
    """Everything about this watched student can be read again (P29)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.student-monitoring-restored.v1"

    emplid: str
    at: datetime


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
