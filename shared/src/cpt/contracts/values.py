"""The values that several events carry."""

from datetime import date
from decimal import Decimal
from typing import Literal

from cpt.contracts.event import Wire

Route = Literal["required", "coop", "credit"]
Outcome = Literal["met", "not_met", "cannot_determine", "pending"]
Severity = Literal["CRITICAL", "HIGH", "MEDIUM", "LOW"]


class Recipient(Wire):
    """Who a notice goes to; `email` is None while no campus system has told us."""

    name: str
    email: str | None


class CoopContract(Wire):
    """An approved co-op agreement, whose dates are the authorization's (R59)."""

    agreement_id: str
    start_date: date
    end_date: date


class NamedCourse(Wire):
    """A course that a CPT rests on in one term, as the student named it or a DSO confirmed it (A23).

    `catalog_nbr` is trimmed and without leading zeros; a `class_nbr` of None stands for any section of the course.
    """

    strm: str
    subject: str
    catalog_nbr: str
    class_nbr: str | None = None


class Facts(Wire):
    """What `evaluate` reads about a request; `facts_version` rises with every change (P4).

    `courses` is empty only for requests of before courses were named.
    """

    facts_version: int
    emplid: str
    route: Route
    start_date: date
    end_date: date
    coop: CoopContract | None
    courses: tuple[NamedCourse, ...] = ()


class Address(Wire):
    street: str
    city: str
    region: str
    postal_code: str
    country: str = "US"


class Consultation(Wire):
    """The adviser or career office the student consulted first (R20)."""

    name: str
    office: str
    on: date | None


class Hours(Wire):
    per_week: Decimal
    time: Literal["part_time", "full_time"]


class DocumentRef(Wire):
    """A stored document; documents themselves never travel in events."""

    kind: str
    strm: str | None
    object_key: str
    sha256: str
    size: int
    media_type: str
    name: str


class Form(Wire):
    """The completed CPT request form as the adviser sees it."""

    employer: str
    employer_address: Address
    job_title: str
    duties: str
    hours_per_week: Decimal
    work_locations: tuple[Address, ...]
    compensation: str
    terms: tuple[str, ...]
    adviser_consulted: Consultation | None
    already_started: bool


class Agreement(Wire):
    """The approved Handshake agreement a completion rests on (P23)."""

    agreement_id: str
    version: int
    kind: Literal["internship", "coop", "practicum"]
    start_date: date
    end_date: date


class ChangedAuthorization(Wire):
    """The issued authorization that a request asks to extend or to change (X6)."""

    request_id: str
    reference: str


class EarlierAuthorization(Wire):
    """The authorization that a new I-20 changes or continues, as the new one leaves it (X6, X11)."""

    request_id: str
    reference: str
    canceled: bool
    until: date | None
    """Its last day; None when it was canceled before it began."""


class Flag(Wire):
    """Something a DSO must look at; a machine never decides it."""

    code: str
    message: str


class LetterLine(Wire):
    """A line of the offer letter that states a fact, and its edges on the page, from 0 to 1."""

    page: int
    line: int
    text: str
    top: float
    left: float
    bottom: float
    right: float


class LetterFact(Wire):
    """What the letter check said of one fact; a machine's word, which a DSO verifies."""

    fact: str
    outcome: Literal["found", "missing", "unverifiable", "not_typed"]
    doubt: str
    lines: tuple[LetterLine, ...]


class MissingItem(Wire):
    """One missing item: what, and who can fix it where (R11, R63)."""

    code: str
    message: str
    who_can_fix: str
    where: str


class EnrolledClass(Wire):
    """A class of the student as SPIRE lists it in one term; `active` is our reading of its codes."""

    strm: str
    subject: str
    catalog_nbr: str
    class_nbr: str
    session_code: str
    units: Decimal
    active: bool


class Finding(Wire):
    """The answer for one overlapped term, with the rule that gave it; `courses` are the named classes that were found,
    `course` one of them.
    """

    strm: str
    outcome: Outcome
    code: str
    message: str
    rule: str
    course: NamedCourse | None = None
    courses: tuple[NamedCourse, ...] = ()


class StudentProfile(Wire):
    """SPIRE's record of the student at the moment of the check."""

    name: str
    email: str | None
    acad_career: Literal["UGRD", "GRAD"]
    level: str
    program: str
    program_end_date: date | None
    admit_until: date | None
    sevis_id: str | None
    english_language_program: bool
    degree_completed_on: date | None
    prior_fulltime_terms: int
    fulltime_cpt_days: int
    college: str | None = None


class Segment(Wire):
    strm: str
    start_date: date
    end_date: date


class Gap(Wire):
    """Days of the offer that are not authorized, and why (A9)."""

    start_date: date
    end_date: date
    why: str


class SevisDocument(Wire):
    """The issued I-20 by its hash; the file itself is not uploaded."""

    sha256: str
    name: str


class Person(Wire):
    sub: str
    name: str | None
    email: str | None


class AuthorizationHit(Wire):
    """An authorization that rests on the lost requirement.

    `position` is judged over the span from the effective date to the day it was detected (P16, A25).
    """

    request_id: str
    authorization_version: int
    employer: str
    location: str
    hours: Hours
    segments: tuple[Segment, ...]
    position: Literal["not_started", "running", "ended"]


class EnrollmentState(Wire):
    """One side of a transition, as SPIRE codes it."""

    status: str
    reason: str | None
    grade: str | None
    units: Decimal
