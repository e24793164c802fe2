"""The form as it comes in: types are judged here, every fault at once; what is absent or empty is named later."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    TypeAdapter,
    ValidationInfo,
    field_validator,
    model_validator,
)

from cpt.web.forms import Text
from cpt.web.validation import at_most
from intake.domain.application import Application, Route
from intake.domain.values import Place
from intake.fields import CatalogNbr, ClassNbr, Day, Hours, Long, Short, Strm, Subject, absent, blank_is_absent

_APPLICATION = TypeAdapter(Application)


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class AddressBody(Body):
    street: Short = ""
    city: Short = ""
    region: Short = ""
    postal_code: Short = ""
    country: Short = "US"


class ConsultationBody(Body):
    name: Short = ""
    office: Short = ""
    on: Day = None
    email: Annotated[Short, Field(max_length=254, pattern=r"^([!-?A-~]+@[!-?A-~]+)?$")] = ""


class CourseBody(Body):
    """Spaces and leading zeros of a catalog number do not matter; what is blank counts as not named (A23)."""

    strm: Annotated[str, absent(""), Field(pattern=r"^[0-9A-Za-z]{0,8}$")] = ""
    subject: Subject = ""
    catalog_nbr: CatalogNbr = ""
    class_nbr: ClassNbr = None


class ApplicationBody(Body):
    """`hours_per_week` may be decimal; of a range the maximum counts (A14)."""

    employer: Short = ""
    employer_address: Annotated[AddressBody, BeforeValidator(lambda value: {} if value is None else value)] = (
        AddressBody()
    )
    job_title: Short = ""
    duties: Long = ""
    hours_per_week: Hours = None
    start_date: Day = None
    end_date: Day = None
    work_locations: Annotated[list[AddressBody], absent([]), Field(max_length=10), at_most(10)] = []
    compensation: Long = ""
    paid: StrictBool | None = None
    route: Annotated[Route | None, BeforeValidator(blank_is_absent)] = None
    terms: Annotated[list[Strm], absent([]), Field(max_length=12), at_most(12)] = []
    courses: Annotated[list[CourseBody], absent([]), Field(max_length=24), at_most(24)] = []
    adviser_consulted: ConsultationBody | None = None
    already_started: Annotated[StrictBool, absent(False)] = False

    @field_validator("end_date")
    @classmethod
    def _not_before_start(cls, end: date | None, info: ValidationInfo) -> date | None:
        """Case 23; a field's validator, so that it speaks also when other fields are wrong."""
        start = info.data.get("start_date")
        if end and start and end < start:
            raise ValueError("The end date is before the start date.")
        return end

    def to_application(self) -> Application:
        return _APPLICATION.validate_python(self.model_dump() | {"terms": list(dict.fromkeys(self.terms))})


def amended(application: Application, changes: Mapping[str, Any]) -> Application:
    """The form with some fields replaced; raises pydantic's ValidationError with every faulty field."""
    return amended_body(application, changes).to_application()


def amended_body(application: Application, changes: Mapping[str, Any]) -> ApplicationBody:
    """As `amended`, in the form in which it would be sent."""
    return ApplicationBody.model_validate(_APPLICATION.dump_python(application) | dict(changes))


class LookBody(Body):
    at: Place
    why: Annotated[Text, Field(min_length=1)]


class ReportBody(Body):
    """`on` is the day it happened or will happen."""

    what: Literal["withdrew_from_course", "will_not_start", "stopped_working", "other"]
    on: Day = None
    words: Long = ""

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        if self.what == "other" and not self.words:
            raise ValueError("Say in a few words what has changed.")
        return self


class WarningBody(Body):
    code: Annotated[Short, Field(min_length=1)]


class AnswerBody(Body):
    text: Annotated[Text, Field(min_length=1, max_length=4000)]


class NoteBody(Body):
    note: Annotated[Text, Field(min_length=1)]
