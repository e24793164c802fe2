"""What an offer letter says: one sentence for each fact of the form, in the employer's own way of writing it."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

Facts = Mapping[str, Any]
"""The JSON body of `POST /api/requests`."""


CLOSING = (
    "Please sign and return a copy of this letter. We look forward to having you with us.\n\n"
    "Sincerely,\n\nJordan Lee\nPeople Team"
)
SMALL_PRINT = (
    "Nothing in this letter alters the at-will nature of the appointment. You agree to keep confidential what you learn, "
    "to follow the rules of conduct, and to return all equipment when you leave. Eligibility to work in the United States "
    "must be shown within three business days of the first day of work. This letter replaces all earlier conversations."
)


def _ordinal(day: int) -> str:
    ending = "th" if day in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


DATES: dict[str, Callable[[date], str]] = {
    "long": lambda day: f"{day:%B} {day.day}, {day.year}",
    "weekday": lambda day: f"{day:%A}, {day:%B} {_ordinal(day.day)}, {day.year}",
    "short": lambda day: f"{day.day} {day:%b} {day.year}",
    "day_first": lambda day: f"{day.day} {day:%B} {day.year}",
    "dashed": lambda day: f"{day:%d-%b-%Y}",
    "us": lambda day: f"{day.month}/{day.day}/{day.year}",
    "us_short": lambda day: f"{day:%m/%d/%y}",
    "iso": lambda day: day.isoformat(),
    "ordinal": lambda day: f"the {_ordinal(day.day)} of {day:%B}, {day.year}",
}


@dataclass(frozen=True)
class Wording:
    """`student` is whom it greets; `say` replaces the sentence of a fact; `date` names one of `DATES`."""

    student: str = "Aisha Rahman"
    date: str = "long"
    say: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def place(address: Mapping[str, str], *, postal_code: bool = True) -> str:
    parts = [address["street"], address["city"], address["region"]]
    return ", ".join(parts) + (f" {address['postal_code']}" if postal_code else "")


def sentences(facts: Facts, wording: Wording, omit: Collection[str]) -> dict[str, str]:
    """The sentence of every fact that is neither omitted nor empty in the form."""
    said = {**dict(_sentences(facts, wording)), **wording.say}
    return {fact: text for fact, text in said.items() if fact not in omit}


def rows(facts: Facts, wording: Wording, omit: Collection[str]) -> list[tuple[str, str]]:
    """The same facts as label and value, for letters that state them in a table."""
    values = {
        "job_title": ("Position", facts.get("job_title")),
        "hours_per_week": ("Hours per week", _number(facts.get("hours_per_week"))),
        "start_date": ("Start date", _date(facts.get("start_date"), wording)),
        "end_date": ("End date", _date(facts.get("end_date"), wording)),
        "location": ("Work location", "; ".join(map(place, facts.get("work_locations", ())))),
        "compensation": ("Compensation", facts.get("compensation")),
        "duties": ("Duties", facts.get("duties")),
    }
    return [
        (label, wording.say.get(fact, value)) for fact, (label, value) in values.items() if value and fact not in omit
    ]


def _sentences(facts: Facts, wording: Wording) -> Iterator[tuple[str, str]]:
    if facts.get("job_title"):
        yield "job_title", f"We are pleased to offer you the position of {facts['job_title']}."
    if facts.get("duties"):
        yield "duties", f"What you will do: {facts['duties']}"
    if facts.get("start_date"):
        yield "start_date", f"Your first day of work is {_date(facts['start_date'], wording)}."
    if facts.get("end_date"):
        yield "end_date", f"The appointment ends on {_date(facts['end_date'], wording)}."
    if facts.get("hours_per_week"):
        yield "hours_per_week", f"You are expected to work {_number(facts['hours_per_week'])} hours per week."
    if facts.get("work_locations"):
        yield "location", f"Your work site is {'; '.join(map(place, facts['work_locations']))}."
    if facts.get("compensation"):
        yield "compensation", f"You will be paid {facts['compensation']}."


def _date(written: str | None, wording: Wording) -> str:
    return DATES[wording.date](date.fromisoformat(written)) if written else ""


def _number(hours: float | str | None) -> str:
    return f"{Decimal(str(hours)).normalize():f}" if hours else ""
