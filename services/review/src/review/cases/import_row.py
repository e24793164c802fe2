"""One authorization from before this system, as a row of the office's list tells it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo, field_validator

from cpt.campus.calendar import WATCHED_AFTER, AcademicCalendar
from cpt.campus.courses import is_course, plain_catalog_nbr, plain_subject
from cpt.contracts.characters import Seen, one_line
from cpt.contracts.values import NamedCourse, Route

Text = Annotated[str, StringConstraints(min_length=1, max_length=200), Seen, AfterValidator(one_line)]
Optional = Annotated[str, StringConstraints(max_length=200), Seen, AfterValidator(one_line)]


@dataclass(frozen=True, slots=True)
class Frame:
    """What a row is measured by."""

    today: date
    calendar: AcademicCalendar


class ImportRow(BaseModel):
    """`key` is the office's own, the same for ever; `adviser` signs in by that name and answers for the case.

    `courses`: term, subject, number and, where known, class number, such as `1267 COMPSCI 698 41234; 1271 COMPSCI 698`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, hide_input_in_errors=True)

    key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,39}$")]
    emplid: Annotated[str, StringConstraints(pattern=r"^\d{8}$")]
    name: Text
    email: Annotated[str, StringConstraints(pattern=r"^([!-?A-~]+@[!-?A-~]+)?$", max_length=254)] = ""
    route: Route
    employer: Text
    job_title: Optional = ""
    street: Text
    city: Text
    region: Text
    postal_code: Text
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] = "US"
    hours_per_week: Annotated[Decimal, Field(gt=0, le=168, max_digits=5, decimal_places=2)]
    start_date: date
    end_date: date
    issued_on: date
    signed_by: Text
    courses: Annotated[str, StringConstraints(max_length=400), Seen, AfterValidator(one_line)] = ""
    agreement_id: Optional = Field(default="", validate_default=True)
    adviser: Optional = ""
    adviser_email: Optional = ""

    @field_validator("emplid")
    @classmethod
    def _stays_out_of_the_key(cls, emplid: str, info: ValidationInfo) -> str:
        if emplid in info.data.get("key", ""):
            raise ValueError("the key contains it; keys appear in references and must not identify a person")
        return emplid

    @field_validator("end_date")
    @classmethod
    def _is_watched(cls, end: date, info: ValidationInfo) -> date:
        start, frame = info.data.get("start_date"), info.context
        if start is None or frame is None:
            return end
        if end < start:
            raise ValueError("it is before start_date")
        terms = frame.calendar.overlapped_terms(start, end)
        if not terms or not frame.calendar.covers(start, end):
            raise ValueError("the academic calendar has no term for these days")
        if terms[-1].end + WATCHED_AFTER < frame.today:
            raise ValueError("the watch of such an authorization is over")
        return end

    @property
    def named_courses(self) -> tuple[NamedCourse, ...]:
        return tuple(_course(part.split()) for part in self.courses.split(";") if part.strip())

    @field_validator("courses")
    @classmethod
    def _names_each_term(cls, courses: str, info: ValidationInfo) -> str:
        parts = [part.split() for part in courses.split(";") if part.strip()]
        if any(len(words) not in (3, 4) for words in parts):
            raise ValueError("write term, subject, number and perhaps class number; a semicolon between two courses")
        named = [_course(words) for words in parts]
        if not all(is_course(one.subject, one.catalog_nbr, one.class_nbr) for one in named):
            raise ValueError("subject, number and class number as SPIRE writes them, such as COMPSCI 698 41234")
        if len(set(named)) < len(named):
            raise ValueError("a course is named twice")
        start, end, frame = info.data.get("start_date"), info.data.get("end_date"), info.context
        if not parts or start is None or end is None or frame is None:
            return courses
        terms = {term.strm for term in frame.calendar.overlapped_terms(start, end)}
        strms = {one.strm for one in named}
        if strms - terms or (terms - strms and info.data.get("route") != "coop"):
            raise ValueError(
                "name a course for each term of the training (of a co-op: for one of them), and for no other"
            )
        return courses

    @field_validator("issued_on")
    @classmethod
    def _has_happened(cls, issued_on: date, info: ValidationInfo) -> date:
        if info.context is not None and issued_on > info.context.today:
            raise ValueError("it is still to come")
        return issued_on

    @field_validator("agreement_id")
    @classmethod
    def _names_the_contract(cls, agreement_id: str, info: ValidationInfo) -> str:
        if info.data.get("route") == "coop" and not agreement_id:
            raise ValueError("a co-op rests on its agreement")
        return agreement_id


def _course(words: list[str]) -> NamedCourse:
    strm, subject, number = words[:3]
    plain = {"subject": plain_subject(subject), "catalog_nbr": plain_catalog_nbr(number)}
    return NamedCourse(strm=strm, **plain, class_nbr=words[3] if len(words) > 3 else None)
