"""The CPT request form as a student typed it; whatever is absent or empty is named as missing, not refused."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from intake.letter import Address, TypedFacts, says_unpaid

NO_ADDRESS = Address()

Route = Literal["required", "coop", "credit"]


@dataclass(frozen=True, slots=True)
class Consultation:
    """Who the student talked to before asking, and when (R20)."""

    name: str = ""
    office: str = ""
    on: date | None = None
    email: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """A course that the training rests on, as the student names it: believed by nobody (A23).

    `subject` and `catalog_nbr` in their one spelling; a `class_nbr` of None stands for any section.
    """

    strm: str = ""
    subject: str = ""
    catalog_nbr: str = ""
    class_nbr: str | None = None

    @property
    def named(self) -> bool:
        return bool(self.strm and self.subject and self.catalog_nbr)

    @property
    def title(self) -> str:
        return f"{self.subject} {self.catalog_nbr}"


@dataclass(frozen=True, slots=True)
class Application:
    """`end_date` is never before `start_date`."""

    employer: str = ""
    employer_address: Address = NO_ADDRESS
    job_title: str = ""
    duties: str = ""
    hours_per_week: Decimal | None = None
    start_date: date | None = None
    end_date: date | None = None
    work_locations: tuple[Address, ...] = ()
    compensation: str = ""
    paid: bool | None = None
    route: Route | None = None
    terms: tuple[str, ...] = ()
    courses: tuple[Course, ...] = ()
    adviser_consulted: Consultation | None = None
    already_started: bool = False

    @property
    def span(self) -> tuple[date, date] | None:
        return (self.start_date, self.end_date) if self.start_date and self.end_date else None

    @property
    def named_courses(self) -> tuple[Course, ...]:
        """In one order, so that naming them in another is no change."""
        return tuple(sorted({course for course in self.courses if course.named}, key=_in_order))

    @property
    def unpaid(self) -> bool:
        """R13, case 32: the compensation may say it, too, whatever was ticked."""
        return self.paid is False or says_unpaid(self.compensation)

    @property
    def typed_facts(self) -> TypedFacts:
        """What the offer letter must say too."""
        return TypedFacts(
            employer=self.employer,
            mailing_address=self.employer_address,
            job_title=self.job_title,
            duties=self.duties,
            hours_per_week=self.hours_per_week,
            start_date=self.start_date,
            end_date=self.end_date,
            work_locations=self.work_locations,
            compensation=self.compensation,
        )


def _in_order(course: Course) -> tuple[str, ...]:
    return course.strm, course.subject, course.catalog_nbr, course.class_nbr or ""
