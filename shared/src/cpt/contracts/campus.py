"""What the campus systems tell us; the wire forms are theirs (docs/connect.md)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from cpt.contracts.characters import Seen, is_plain
from cpt.contracts.event import CampusEvent, Wire

_LONGEST, _DIGITS, _INTEGER, _BIG_INTEGER = 200, 100, 2**31, 2**63


class ForeignData(Wire):
    """What is not ours is bounded by what can be kept: without it such a message fails in the database, unexplained."""

    @field_validator("*")
    @classmethod
    def _can_be_kept(cls, value: Any) -> Any:
        match value:
            case str() if len(value) > _LONGEST or not is_plain(value):
                words = f"more than {_LONGEST} characters, or one that is invisible, breaks the line or cannot be kept"
                raise PydanticCustomError("not_kept", words)
            case int() if not -_BIG_INTEGER <= value < _BIG_INTEGER:
                raise PydanticCustomError("not_kept", "a number beyond 64 bits")
            case Decimal() if max(abs(value.adjusted()), len(value.as_tuple().digits)) > _DIGITS:
                raise PydanticCustomError("not_kept", f"a number of more than {_DIGITS} digits")
        return value


class RowState(ForeignData):
    status: str
    reason: str | None = None
    grade: str | None = None
    units: Decimal


class EnrollmentChanged(ForeignData, CampusEvent):
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


class TermWithdrawn(ForeignData, CampusEvent):
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


class SessionWithdrawn(ForeignData, CampusEvent):
    """A withdrawal from one session of a term: it ends the classes of that session (STDNT_SESSION)."""

    TYPE: ClassVar[str] = "edu.umass.spire.session-withdrawn.v1"
    TOPIC: ClassVar[str] = "campus.enrollment"
    SOURCE: ClassVar[str] = "/spire/enrollment"

    acad_career: str
    institution: str
    strm: str
    session_code: str
    withdraw_code: str
    effective_dt: date
    source_seq: int


AgreementStatus = Literal["pending", "started", "needs_review", "approved", "declined", "withdrawn"]


class AgreementChanged(ForeignData, CampusEvent):
    """A Handshake experience changed; it applies by `version` per `agreement_id` (P23)."""

    TYPE: ClassVar[str] = "com.joinhandshake.agreement-changed.v1"
    TOPIC: ClassVar[str] = "campus.agreement"
    SOURCE: ClassVar[str] = "/handshake/experiences"

    agreement_id: str
    kind: Literal["internship", "coop", "practicum"]
    status: AgreementStatus
    previous_status: AgreementStatus | None = None
    employer: Annotated[str, Seen]  # people typed it there; codes and ids are taken as they are, or refused
    start_date: date
    end_date: date
    terms: tuple[str, ...] = ()
    approved_at: datetime | None = None
    version: int

    @field_validator("version")
    @classmethod
    def _is_a_version(cls, version: int) -> int:
        if not -_INTEGER <= version < _INTEGER:
            raise PydanticCustomError("not_kept", "a number beyond 32 bits")
        return version

    @field_validator("end_date")
    @classmethod
    def _ends_after_its_start(cls, end: date, info: ValidationInfo) -> date:
        if (start := info.data.get("start_date")) and end < start:
            raise PydanticCustomError("ends_before_start", "is before start_date")
        return end
