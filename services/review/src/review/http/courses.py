"""A course as a body names it."""

from typing import Annotated

from pydantic import Field

from cpt.contracts.values import NamedCourse
from cpt.web import forms
from cpt.web.validation import at_most
from review.http.callers import Body

Word = Annotated[forms.Line, Field(min_length=1, max_length=20)]
"""A term, a subject, a number."""


class CourseBody(Body):
    strm: Word
    subject: Word
    catalog_nbr: Word
    class_nbr: Annotated[forms.Line, Field(max_length=20)] | None = None

    def named(self) -> NamedCourse:
        return NamedCourse(**self.model_dump())


Courses = Annotated[tuple[CourseBody, ...], Field(max_length=20), at_most(20)]
