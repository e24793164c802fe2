"""What the office does beside the flow of a case: it changes an authorization, it writes to the student."""

from datetime import date, datetime
from typing import ClassVar, Literal

from cpt.contracts.event import Event
from cpt.contracts.review import ReviewEvent
from cpt.contracts.values import (
    ChangedAuthorization,
    DocumentRef,
    Facts,
    Hours,
    NamedCourse,
    Person,
    Recipient,
    Segment,
)


class AuthorizationChanged(ReviewEvent):
    """A DSO canceled an authorization before its start (X11) or set an earlier end; the watch and the student follow."""

    TYPE: ClassVar[str] = "edu.umass.cpt.authorization-changed.v1"

    reference: str
    authorization_version: int
    employer: str
    canceled: bool
    authorized_until: date | None
    segments: tuple[Segment, ...]
    reason: str
    changed_by: Person
    recipient: Recipient
    at: datetime
    replaced_by: ChangedAuthorization | None = None
    """The request whose I-20 takes its place; the approval email tells of both (X6)."""


class AuthorizationImported(ReviewEvent):
    """An authorization from before this system: it is watched like any other, and nobody is told that it was approved.

    It stands in no line and in no round, and rests on no check.
    """

    TYPE: ClassVar[str] = "edu.umass.cpt.authorization-imported.v1"

    facts: Facts
    authorization_version: int
    employer: str
    location: str
    hours: Hours
    segments: tuple[Segment, ...]
    at: datetime
    relied_on_check: ClassVar[int] = 0


class StudentMessaged(ReviewEvent):
    """The office wrote to the student about the request; mailed, and shown with the request."""

    TYPE: ClassVar[str] = "edu.umass.cpt.student-messaged.v1"

    reference: str
    text: str
    sent_by: Person
    recipient: Recipient
    at: datetime


class ContactAsked(ReviewEvent):
    """Staff, looking at an alert, ask the student to contact the office today; no verdict is given (R33)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.contact-asked.v1"

    reference: str
    alert_id: str
    employer: str
    course: str | None
    effective_on: date
    sent_by: Person
    recipient: Recipient
    at: datetime


class AcknowledgementAsked(ReviewEvent):
    """The student has to say that a warning was read, such as the loss of OPT (case 68); nothing waits for it."""

    TYPE: ClassVar[str] = "edu.umass.cpt.acknowledgement-asked.v1"

    reference: str
    code: str
    message: str
    recipient: Recipient
    at: datetime


class LegalHoldChanged(ReviewEvent):
    """A director placed or lifted a legal hold: while it stands, nobody's retention deletes anything (case 70)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.legal-hold-changed.v1"

    held: bool
    at: datetime


class CourseConfirmed(ReviewEvent):
    """An adviser or DSO said which courses the CPT rests on; the watch moves to them, the student is told (A23, A24).

    `previous` are those it was said to rest on before; `authorization_version` is None before an I-20 was issued;
    `loss_id` names the replacement that was confirmed.
    """

    TYPE: ClassVar[str] = "edu.umass.cpt.course-confirmed.v1"

    reference: str
    authorization_version: int | None
    previous: tuple[NamedCourse, ...]
    courses: tuple[NamedCourse, ...]
    comment: str
    confirmed_by: Person
    recipient: Recipient
    loss_id: str | None = None
    at: datetime


class I20FileAdded(ReviewEvent):
    """The DSO uploaded the signed I-20; the student fetches it on their own page (A28)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.i20-file-added.v1"

    reference: str
    authorization_version: int
    file: DocumentRef
    recipient: Recipient
    at: datetime
    reminder: bool = False
    """Told again, because the student has not fetched it for some days."""


class AuthorizationEnding(ReviewEvent):
    """The last authorized day comes near, and no later authorization takes over: the student is reminded, once for each I-20."""

    TYPE: ClassVar[str] = "edu.umass.cpt.authorization-ending.v1"

    reference: str
    authorization_version: int
    employer: str
    last_day: date
    recipient: Recipient
    at: datetime


class TaskOpened(ReviewEvent):
    """Something after issuance that a person of the office has to do; mailed to its owner (the office, if None)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.task-opened.v1"

    task_id: str
    code: str
    message: str
    reference: str
    student_name: str
    owner: Recipient | None
    due_on: date
    at: datetime


class TaskEscalated(ReviewEvent):
    """A task is past its due day and still open; mailed to its owner and to the office."""

    TYPE: ClassVar[str] = "edu.umass.cpt.task-escalated.v1"

    task_id: str
    code: str
    message: str
    reference: str
    student_name: str
    owner: Recipient | None
    due_on: date
    at: datetime


class OfficeTextChanged(Event):
    """A director wrote one of the texts that the office changes by itself; an empty one is the default again."""

    TYPE: ClassVar[str] = "edu.umass.cpt.office-text-changed.v1"
    TOPIC: ClassVar[str] = "cpt.review"
    SOURCE: ClassVar[str] = "/cpt/review"

    about: str
    version: int
    text: str
    changed_by: Person
    at: datetime

    @property
    def key(self) -> str:
        return f"text.{self.about}"


class DigestPrepared(Event):
    """What is open for one person of the office on the morning of a business day; told once a day, never for nothing."""

    TYPE: ClassVar[str] = "edu.umass.cpt.digest-prepared.v1"
    TOPIC: ClassVar[str] = "cpt.review"
    SOURCE: ClassVar[str] = "/cpt/review"

    day: date
    audience: Literal["adviser", "compliance", "director"]
    to: Person | None
    waiting: int
    to_decide: int
    to_issue: int
    late: int
    tasks: int
    alerts: int
    overdue: int
    at: datetime

    @property
    def key(self) -> str:
        return "digest"


class ReportPrepared(Event):
    """What became of the requests of a month, in numbers alone; told once, when the month is over."""

    TYPE: ClassVar[str] = "edu.umass.cpt.report-prepared.v1"
    TOPIC: ClassVar[str] = "cpt.review"
    SOURCE: ClassVar[str] = "/cpt/review"

    month: date
    completed: int
    approved: int
    issued: int
    in_time: int
    returned: int
    denied: int
    median_days: float | None
    at: datetime

    @property
    def key(self) -> str:
        return "report"
