"""The courses a CPT rests on: named for each term, found among the student's rows (A23)."""

from dataclasses import dataclass

from enrollment_sync.domain.codes import Codes
from enrollment_sync.domain.rows import Row, course_of


@dataclass(frozen=True, slots=True)
class Course:
    """As somebody named it; without a class number any section of the course is meant."""

    strm: str
    subject: str
    catalog_nbr: str
    class_nbr: str | None = None

    @property
    def course(self) -> tuple[str, str]:
        return course_of(self.subject, self.catalog_nbr)

    @property
    def label(self) -> str:
        return " ".join(self.course)

    def names(self, row: Row) -> bool:
        return self.is_section_of(row) and self.class_nbr in {None, row.class_nbr}

    def is_section_of(self, row: Row) -> bool:
        return row.strm == self.strm and row.course == self.course

    @classmethod
    def of(cls, row: Row) -> "Course":
        """That very class."""
        return cls(row.strm, *row.course, row.class_nbr)


def looks_like_training(course: tuple[str, str], codes: Codes) -> bool:
    """By its number alone: `x` in a training number stands for any digit, so x98 is 298 as well as 698."""
    if " ".join(course) in codes.coop_courses:
        return True
    return any(_fits(course[1], form) for form in codes.training_numbers)


def _fits(number: str, form: str) -> bool:
    same_length = len(number) == len(form)
    return same_length and all(a == b or (b == "X" and a.isdigit()) for a, b in zip(number, form.upper(), strict=True))
