"""The values a request is made of."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from intake.domain.application import Course, Route
from intake.letter import Spot

Place = Literal["letter", "agreement"]


@dataclass(frozen=True, slots=True)
class Item:
    """One missing item: what, and who can fix it where (R11, R63)."""

    code: str
    message: str
    who_can_fix: str
    where: str


@dataclass(frozen=True, slots=True)
class Flag:
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Student:
    """`study_ends`: the later of the program's end and the degree's completion, once SPIRE has told it."""

    name: str
    email: str | None = None
    study_ends: date | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """An approved co-op agreement: its dates are the authorization's (R59)."""

    agreement_id: str
    start_date: date
    end_date: date


@dataclass(frozen=True, slots=True)
class Changed:
    """The issued authorization that a request asks to extend or to change, by its request (X6)."""

    request_id: str
    reference: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What an evaluation of the enrollment reads (P4)."""

    route: Route
    start_date: date
    end_date: date
    coop: Contract | None = None
    courses: tuple[Course, ...] = ()


@dataclass(frozen=True, slots=True)
class I20File:
    """The signed I-20 of one version of the authorization; `fetched_at` is the student's first download."""

    authorization_version: int
    object_key: str
    sha256: str
    added_at: datetime
    fetched_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Return:
    """A reason of an adviser; `number` rises over the request's life."""

    number: int
    text: str
    item: str | None = None


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A term without a suitable course."""

    strm: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Check:
    check_no: int
    facts_version: int
    outcome: Literal["met", "not_met", "cannot_determine", "pending"]
    shortfalls: tuple[Shortfall, ...] = ()


@dataclass(frozen=True, slots=True)
class LetterFact:
    """One fact as the letter check found it, with the lines that state it."""

    fact: str
    outcome: str
    doubt: str = ""
    lines: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True)
class LetterFindings:
    """What the letter check said about the current letter and form."""

    missing: tuple[Item, ...] = ()
    flags: tuple[Flag, ...] = ()
    facts: tuple[LetterFact, ...] = ()
