"""What is asked of the enrollment of one student for one request."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from cpt.campus.authorization import CoopContract
from cpt.campus.calendar import Term
from enrollment_sync.domain.courses import Course
from enrollment_sync.domain.policy import Policy
from enrollment_sync.domain.rows import Row

Route = Literal["required", "coop", "credit"]


@dataclass(frozen=True, slots=True)
class Student:
    """The student's own career decides, never a course's (A17)."""

    acad_career: Literal["UGRD", "GRAD"]
    level: str

    @property
    def is_graduate(self) -> bool:
        return self.acad_career == "GRAD"


@dataclass(frozen=True, slots=True)
class Facts:
    """`coop` is the approved contract; a pending or declined one is None, whatever the student ticked (R26)."""

    emplid: str
    student: Student
    route: Route
    start_date: date
    end_date: date
    coop: CoopContract | None
    facts_version: int
    courses: tuple[Course, ...] = ()
    unnamed: frozenset[str] | None = None
    """Terms whose course nobody has named (None: every one, while there are no courses): any class counts there."""

    @property
    def is_coop(self) -> bool:
        return self.route == "coop" or self.coop is not None

    def named(self, strm: str) -> tuple[Course, ...] | None:
        """None where any class counts. Empty where others were named, and none in this term."""
        if strm in self.unnamed if self.unnamed is not None else not self.courses:
            return None
        return tuple(course for course in self.courses if course.strm == strm)

    def rests_on(self, row: Row) -> bool:
        named = self.named(row.strm)
        return named is None or any(course.names(row) for course in named)

    @property
    def span(self) -> tuple[date, date]:
        """The offer's days and, as an authorization follows it (R59), those of an approved co-op contract."""
        if self.coop is None:
            return self.start_date, self.end_date
        return min(self.start_date, self.coop.start_date), max(self.end_date, self.coop.end_date)


def exempt(facts: Facts, terms: Sequence[Term], policy: Policy) -> bool:
    """Whether one term with a course is enough (R25): only by the approved contract, and for a summer job where the office
    sets so (A18).

    A graduate's co-op is exempt too and flagged: A11 asks graduates for credit on any route but co-op.
    """
    if facts.coop is None or (summer_only(terms) and not policy.summer_coop_exempt):
        return False
    return policy.graduate_coop_exempt or not facts.student.is_graduate


def summer_only(terms: Sequence[Term]) -> bool:
    return all(term.season == "summer" for term in terms)
