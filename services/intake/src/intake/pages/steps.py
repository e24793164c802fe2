"""The form as short steps, one group of questions a page, and the way from typed texts to the form's body and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from cpt.campus.calendar import AcademicCalendar
from intake.domain.application import Application
from intake.domain.form_items import form_items
from intake.domain.values import Item
from intake.letter import Address

PARTS = ("street", "city", "region", "postal_code", "country")


@dataclass(frozen=True, slots=True)
class Step:
    """`names` are the fields as they stand on the page, `items` the fields whose missing items belong here."""

    slug: str
    title: str
    names: tuple[str, ...]
    items: tuple[str, ...]


STEPS = (
    Step(
        "employer",
        "The employer",
        ("employer", *(f"employer_address.{part}" for part in PARTS)),
        ("employer", "employer_address"),
    ),
    Step("work", "The work", ("job_title", "duties", "hours_per_week"), ("job_title", "duties", "hours_per_week")),
    Step(
        "dates", "Dates and terms", ("start_date", "end_date", "already_started"), ("start_date", "end_date", "terms")
    ),
    Step("pay", "Pay", ("paid", "compensation"), ("paid", "compensation")),
    Step("place", "Where you will work", tuple(f"work_location.{part}" for part in PARTS), ("work_locations",)),
    Step(
        "route",
        "Part of your degree",
        ("route", "adviser_consulted.name", "adviser_consulted.office", "adviser_consulted.on"),
        ("route", "adviser_consulted"),
    ),
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
    for name, value in typed.items():
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
        typed["adviser_consulted.on"] = str(consulted.on or "")
    if application.paid is not None:
        typed["paid"] = str(application.paid).lower()
    return typed | ({"already_started": "true"} if application.already_started else {})


def with_terms(application: Application, calendar: AcademicCalendar) -> list[str]:
    """R22: the terms follow from the dates."""
    return [term.strm for term in calendar.overlapped_terms(*application.span)] if application.span else []


def missing_by_step(application: Application, calendar: AcademicCalendar, today: date) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {step.slug: [] for step in STEPS}
    for item in form_items(application, calendar, today):
        if step := step_of(item.code):
            found[step.slug].append(item)
    return found
