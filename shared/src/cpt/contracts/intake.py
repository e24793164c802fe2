"""What intake tells: requests as they come, complete, fall back and end."""

from datetime import date, datetime
from typing import ClassVar, Literal

from cpt.contracts.event import RequestEvent
from cpt.contracts.values import (
    Agreement,
    ChangedAuthorization,
    DocumentRef,
    Facts,
    Flag,
    Form,
    LetterFact,
    MissingItem,
    Recipient,
)

HoldCause = Literal["enrollment", "agreement", "facts", "return"]


class _IntakeEvent(RequestEvent):
    TOPIC: ClassVar[str] = "cpt.intake"
    SOURCE: ClassVar[str] = "/cpt/intake"


class RequestSubmitted(_IntakeEvent):
    """The facts as they stand, in any version: watch this student and check now."""

    TYPE: ClassVar[str] = "edu.umass.cpt.request-submitted.v1"

    facts: Facts


class RequestHeld(_IntakeEvent):
    """A complete request fell back to incomplete and gave its number up (P2)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.request-held.v1"

    reference: str
    round: int
    receipt_number: int
    cause: HoldCause
    missing: tuple[MissingItem, ...]
    recipient: Recipient


class RequestCompleted(_IntakeEvent):
    """Everything is there: a place in line (A2). `check_no` is the last check intake had seen (P3)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.request-completed.v1"

    reference: str
    round: int
    receipt_number: int
    facts: Facts
    check_no: int
    received_at: datetime
    due_on: date
    form: Form
    agreement: Agreement | None
    flags: tuple[Flag, ...]
    documents: tuple[DocumentRef, ...] = ()
    letter: tuple[LetterFact, ...] = ()
    recipient: Recipient
    reinstated: bool
    """The office erred: the same number again in a higher round (P7)."""
    changes: ChangedAuthorization | None = None
    """The authorization that this request asks to extend or to change (X6)."""

    @property
    def extensions(self) -> dict[str, str]:
        """The number keeps its place in line although the body cannot be read (P11)."""
        return {"ce_receiptnumber": str(self.receipt_number), "ce_round": str(self.round)}


class RequestStatusChanged(_IntakeEvent):
    """How a request stands that waits for something: so that staff find it before it is complete, and see what it lacks."""

    TYPE: ClassVar[str] = "edu.umass.cpt.request-status-changed.v1"

    reference: str
    emplid: str
    student_name: str
    employer: str | None
    status: Literal["incomplete", "returned", "not_required"]
    missing: tuple[MissingItem, ...]
    submitted_at: datetime
    at: datetime


class RequestWithdrawn(_IntakeEvent):
    """The student wishes to withdraw; review answers with `CaseWithdrawn` (P8)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.request-withdrawn.v1"

    round: int
    receipt_number: int | None


class AgreementLost(_IntakeEvent):
    """After issuance the agreement no longer holds: a task for the DSO (P23, case 47)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.agreement-lost.v1"

    round: int
    agreement_id: str | None
    why: str
    version: int | None = None
    verdict: str | None = None
    """What is wrong with it: `withdrawn`, `declined`, `pending`, `mismatch` or `changed`; told again when it differs."""
    start_date: date | None = None
    end_date: date | None = None


class I20Fetched(_IntakeEvent):
    """The student downloaded the signed I-20: the receipt of its delivery (A28)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.i20-fetched.v1"

    round: int
    authorization_version: int
    at: datetime


class AgreementsUnreadable(_IntakeEvent):
    """A message of Handshake about this student could not be read: a changed or withdrawn agreement may go unseen (P29)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.agreements-unreadable.v1"

    emplid: str
    since: datetime
    unread: tuple[str, ...]
    """What could not be read, in words for staff, never a whole message."""


class AgreementsReadable(_IntakeEvent):
    """Every message of Handshake about this student can be read again (P29)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.agreements-readable.v1"

    emplid: str
    at: datetime


class DueDateMoved(_IntakeEvent):
    """A closure entered mid-clock moved an open due date (case 41)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.due-date-moved.v1"

    round: int
    receipt_number: int
    due_on: date
    why: str
    reference: str | None = None
    recipient: Recipient | None = None


class StudentReported(_IntakeEvent):
    """After issuance the student tells what may change the authorization; a DSO acts on it, nothing ends by itself."""

    TYPE: ClassVar[str] = "edu.umass.cpt.student-reported.v1"

    round: int
    what: Literal["withdrew_from_course", "will_not_start", "stopped_working", "other"]
    on: date | None
    words: str
    at: datetime


class StudentAnswered(_IntakeEvent):
    """The student answers what the office wrote; it stands with the messages of the case."""

    TYPE: ClassVar[str] = "edu.umass.cpt.student-answered.v1"

    round: int
    text: str
    at: datetime


class ConsultationAsked(_IntakeEvent):
    """The person a student says to have consulted is asked by mail whether that is so (R20); nothing waits for it."""

    TYPE: ClassVar[str] = "edu.umass.cpt.consultation-asked.v1"

    round: int
    consultation_id: str
    student_name: str
    employer: str
    consulted_on: date | None
    recipient: Recipient
    expires_at: datetime
    reminder: bool = False
    """Asked again, once, because no answer came for some days."""
    at: datetime


class StudentReminded(_IntakeEvent):
    """A day comes near and something is open: the requested first day without an I-20, or the first day of a term without
    the enrollment that the request rests on. The student is told once for each such day.
    """

    TYPE: ClassVar[str] = "edu.umass.cpt.student-reminded.v1"

    reference: str
    what: Literal["start_near", "term_near"]
    day: date
    term: str | None
    employer: str | None
    missing: tuple[MissingItem, ...]
    changes: ChangedAuthorization | None
    recipient: Recipient
    at: datetime


class ConsultationAnswered(_IntakeEvent):
    """What that person answered, once (R20)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.consultation-answered.v1"

    round: int
    consultation_id: str
    name: str
    answer: Literal["confirmed", "not_held"]
    comment: str
    at: datetime


class WarningAcknowledged(_IntakeEvent):
    """The student has read the warning of that code (case 68)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.warning-acknowledged.v1"

    round: int
    code: str
    at: datetime
