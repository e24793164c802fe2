"""The form as short steps, one group of questions a page, and the way from typed texts to the form's body and back."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import ValidationError

from cpt.campus.calendar import AcademicCalendar
from intake.domain.application import Application
from intake.domain.form_items import form_items, wrong_answers
from intake.domain.values import Item
from intake.forms import ApplicationBody
from intake.letter import Address

_COURSE = re.compile(
    r"(?:class\.[0-9A-Za-z]{1,8}\.[0-9]{1,10}|course\.[0-9A-Za-z]{1,8}\.[0-9]{1,2}\.(?:subject|catalog_nbr|class_nbr))"
)
"""Fields of named courses: a class that was picked, or what was typed, by term."""
_ASKED_AT = {"work_locations": "work_location.street", "adviser_consulted": "adviser_consulted.on"}
"""Where the page asks for a field that has another name in the form."""
SAME = "work_location.same"
PARTS = ("street", "city", "region", "postal_code", "country")


@dataclass(frozen=True, slots=True)
class Step:
    """`names` are the fields as they stand on the page, beside those of `courses`; `items` the fields whose missing
    items belong here.
    """

    slug: str
    title: str
    names: tuple[str, ...]
    items: tuple[str, ...]
    courses: bool = False

    def owns(self, name: str) -> bool:
        return name in self.names or (self.courses and _COURSE.fullmatch(name) is not None)


STEPS = (
    Step(
        "employer",
        "The employer",
        ("employer", *(f"employer_address.{part}" for part in PARTS)),
        ("employer", "employer_address"),
    ),
    Step("work", "Job and hours", ("job_title", "duties", "hours_per_week"), ("job_title", "duties", "hours_per_week")),
    Step(
        "dates", "Dates and terms", ("start_date", "end_date", "already_started"), ("start_date", "end_date", "terms")
    ),
    Step("pay", "Pay", ("paid", "compensation"), ("paid", "compensation")),
    Step("place", "Where you will work", (*(f"work_location.{part}" for part in PARTS), SAME), ("work_locations",)),
    Step(
        "route",
        "How it fits your degree",
        ("route", *(f"adviser_consulted.{part}" for part in ("name", "office", "on", "email"))),
        ("route", "adviser_consulted"),
    ),
    Step("courses", "Your course", (), ("courses",), courses=True),
)
BY_SLUG = {step.slug: step for step in STEPS}


def step_after(step: Step) -> Step | None:
    at = STEPS.index(step) + 1
    return STEPS[at] if at < len(STEPS) else None


def step_of(code: str) -> Step | None:
    """Where a missing item of the form, or of the letter's comparison with it, can be mended."""
    kind, _, field = code.partition(".")
    if kind not in ("form", "letter"):
        return None
    field = {"letterhead": "employer", "mailing_address": "employer_address", "location": "work_locations"}.get(
        field, field
    )
    return next((step for step in STEPS if field in step.items), None)


def body_of(typed: Mapping[str, str]) -> dict[str, Any]:
    """`employer_address.street` becomes an address, the one work place a list of one; only what was typed."""
    body: dict[str, Any] = {}
    typed = with_same_place(typed, typed)
    if courses := [course for _, course in _named(typed)]:
        body["courses"] = courses
    for name, value in typed.items():
        if _COURSE.fullmatch(name) or name == SAME:
            continue
        group, _, part = name.partition(".")
        if name in ("paid", "already_started"):
            body[name] = value == "true"
        elif name == "hours_per_week":
            body[name] = _number(value)
        elif part:
            body.setdefault(group, {})[part] = value
        else:
            body[name] = value
    if place := body.pop("work_location", None):
        body["work_locations"] = [place] if any(place.get(part) for part in ("street", "city")) else []
    return body


def _named(typed: Mapping[str, str]) -> list[tuple[str, dict[str, str]]]:
    """Each course with its field: a picked class is `class.<term>.<number>` with subject and catalog number as value,
    a typed one the line `course.<term>.<line>`; a blank line names none.
    """
    found: dict[str, dict[str, str]] = {}
    for name, value in sorted(typed.items()):
        if not _COURSE.fullmatch(name):
            continue
        kind, strm, number, *part = name.split(".")
        if kind == "class":
            subject, _, catalog_nbr = value.rpartition(" ")
            found[name] = {"strm": strm, "subject": subject, "catalog_nbr": catalog_nbr, "class_nbr": number}
        elif value.strip():
            found.setdefault(f"course.{strm}.{number}", {"strm": strm})[part[0]] = value
    return list(found.items())


def with_same_place(typed: Mapping[str, str], mailing: Mapping[str, str]) -> dict[str, str]:
    """The work place as the mailing address, where the student says that it is the same."""
    if typed.get(SAME) != "true" or not any(name.startswith("employer_address.") for name in mailing):
        return dict(typed)
    return {**typed, **{f"work_location.{part}": mailing.get(f"employer_address.{part}", "") for part in PARTS}}


def faults_of(typed: Mapping[str, str], today: date) -> list[Mapping[str, Any]]:
    """What is wrong in one step's answers, as pydantic's findings about the fields of the page; what is absent is not."""
    try:
        application = ApplicationBody.model_validate(body_of(typed)).to_application()
    except ValidationError as error:
        return at_fields(error.errors(), typed)
    wrong = wrong_answers(application, today)
    return [{"loc": (_ASKED_AT.get(name, name),), "type": "value_error", "msg": words} for name, words in wrong]


def at_fields(errors: Iterable[Mapping[str, Any]], typed: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """Findings about `courses.0.subject` as findings about the field of the page that it came from."""
    fields = [name for name, _ in _named(typed)]
    return [_at_field(error, fields) for error in errors]


def _at_field(error: Mapping[str, Any], fields: Sequence[str]) -> Mapping[str, Any]:
    match tuple(error["loc"]):
        case ("courses", int(place), str(part), *_) if place < len(fields):
            name = fields[place]
            return {**error, "loc": (name if name.startswith("class.") else f"{name}.{part}",)}
    return error


def _number(typed: str) -> Decimal | str:
    """What is no number stays as it is and is refused as the text that it is."""
    try:
        return Decimal(typed)
    except InvalidOperation:
        return typed


def typed_of(application: Application) -> dict[str, str]:
    """The texts that would have led to this form."""
    consulted = application.adviser_consulted
    place = application.work_locations[0] if application.work_locations else Address()
    plain = ("employer", "job_title", "duties", "hours_per_week", "start_date", "end_date", "compensation", "route")
    typed = {name: str(value) for name in plain if (value := getattr(application, name)) is not None}
    typed |= {f"employer_address.{part}": getattr(application.employer_address, part) for part in PARTS}
    typed |= {f"work_location.{part}": getattr(place, part) for part in PARTS}
    if consulted:
        typed |= {"adviser_consulted.name": consulted.name, "adviser_consulted.office": consulted.office}
        typed["adviser_consulted.email"] = consulted.email
        typed["adviser_consulted.on"] = str(consulted.on or "")
    if application.paid is not None:
        typed["paid"] = str(application.paid).lower()
    typed |= _typed_courses(application)
    return typed | ({"already_started": "true"} if application.already_started else {})


def _typed_courses(application: Application) -> dict[str, str]:
    typed = {}
    for number, course in enumerate(application.courses):
        if course.named and course.class_nbr:
            typed[f"class.{course.strm}.{course.class_nbr}"] = course.title
        else:
            line = f"course.{course.strm}.{number}"
            typed |= {f"{line}.subject": course.subject, f"{line}.catalog_nbr": course.catalog_nbr}
    return typed


def with_terms(application: Application, calendar: AcademicCalendar) -> list[str]:
    """R22: the terms follow from the dates."""
    return [term.strm for term in calendar.overlapped_terms(*application.span)] if application.span else []


def missing_by_step(application: Application, calendar: AcademicCalendar, today: date) -> dict[str, list[Item]]:
    """Without what is answered and wrong, and without the terms, which follow from the dates."""
    wrong = {message for _, message in wrong_answers(application, today)}
    found: dict[str, list[Item]] = {step.slug: [] for step in STEPS}
    for item in form_items(application, calendar, today):
        if (step := step_of(item.code)) and item.message not in wrong and item.code != "form.terms":
            found[step.slug].append(item)
    return found


def wrong_by_step(application: Application, today: date) -> dict[str, list[str]]:
    """Of answers of the right kind; only steps with any."""
    found: dict[str, list[str]] = {}
    for field, message in wrong_answers(application, today):
        if step := step_of(f"form.{field}"):
            found.setdefault(step.slug, []).append(message)
    return found
