"""What review tells of its cases: how the line moves, and what the advisers decide."""

from datetime import date, datetime
from typing import ClassVar

from cpt.contracts.event import RequestEvent, Wire
from cpt.contracts.values import (
    EarlierAuthorization,
    Facts,
    Gap,
    Hours,
    NamedCourse,
    Person,
    Recipient,
    Segment,
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
    """Approved, not yet issued: no email leaves on it (R54, R61). `courses` are those the adviser confirmed (A23)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.case-approved.v1"

    facts: Facts
    adviser: Person
    at: datetime
    segments: tuple[Segment, ...]
    courses: tuple[NamedCourse, ...] = ()


class IssuanceAsked(ReviewEvent):
    """An adviser is about to issue; its event id asks for a fresh check (R30, P21)."""

    TYPE: ClassVar[str] = "edu.umass.cpt.issuance-asked.v1"

    facts: Facts
    at: datetime
    courses: tuple[NamedCourse, ...] = ()
    """The confirmed courses, which the check must find; empty: those of the facts."""


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
    courses: tuple[NamedCourse, ...] = ()
    """The confirmed courses that the watch is on (A23)."""
    earlier: EarlierAuthorization | None = None
    """The authorization that this I-20 changes or continues, as it stands from now on (X6)."""
