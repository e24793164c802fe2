"""What the campus systems tell us; the wire forms are theirs (interfaces, section 4)."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Literal

from cpt.contracts.event import CampusEvent, Wire


class RowState(Wire):
    status: str
    reason: str | None = None
    grade: str | None = None
    units: Decimal


class EnrollmentChanged(CampusEvent):
    """A row of STDNT_ENRL changed. Codes stay text here: the domain refuses unknown ones (case 8)."""

    TYPE: ClassVar[str] = "edu.umass.spire.enrollment-changed.v1"
    TOPIC: ClassVar[str] = "campus.enrollment"
    SOURCE: ClassVar[str] = "/spire/enrollment"

    acad_career: str
    institution: str
    strm: str
    session_code: str
    class_nbr: str
    component: str
    primary_class_nbr: str
    subject: str
    catalog_nbr: str
    units: Decimal
    grading_basis: str
    previous: RowState | None = None
    current: RowState
    action: str
    enrl_request_id: str | None = None
    actor: str | None = None
    effective_dt: date
    source_seq: int


class TermWithdrawn(CampusEvent):
    """A term-level withdrawal; no class row needs to change with it (P18)."""

    TYPE: ClassVar[str] = "edu.umass.spire.term-withdrawn.v1"
    TOPIC: ClassVar[str] = "campus.enrollment"
    SOURCE: ClassVar[str] = "/spire/enrollment"

    acad_career: str
    institution: str
    strm: str
    withdraw_code: str
    effective_dt: date
    source_seq: int


AgreementStatus = Literal["pending", "started", "needs_review", "approved", "declined", "withdrawn"]


class AgreementChanged(CampusEvent):
    """A Handshake experience changed; it applies by `version` per `agreement_id` (P23)."""

    TYPE: ClassVar[str] = "com.joinhandshake.agreement-changed.v1"
    TOPIC: ClassVar[str] = "campus.agreement"
    SOURCE: ClassVar[str] = "/handshake/experiences"

    agreement_id: str
    kind: Literal["internship", "coop", "practicum"]
    status: AgreementStatus
    previous_status: AgreementStatus | None = None
    employer: str
    start_date: date
    end_date: date
    terms: tuple[str, ...] = ()
    approved_at: datetime | None = None
    version: int
