"""Old and new answers of a request that changes an issued authorization (X6)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from cpt.campus.clock import in_words
from cpt.postgres import Connection
from intake.domain.application import Application, Course
from intake.domain.request import Request
from intake.letter import Address
from intake.store import find_request

_WORDS = {
    "employer": "Employer",
    "employer_address": "Mailing address",
    "job_title": "Job title",
    "duties": "Duties",
    "hours_per_week": "Hours per week",
    "start_date": "Start date",
    "end_date": "End date",
    "work_locations": "Place of work",
    "compensation": "Pay",
    "route": "How it fits the degree",
    "courses": "Course",
}
_ROUTES = {"credit": "For credit", "required": "Required", "coop": "Co-op"}


@dataclass(frozen=True, slots=True)
class Difference:
    what: str
    before: str
    after: str


async def differences_of(connection: Connection, request: Request) -> list[Difference]:
    """Nothing for a request that changes none, or whose earlier one is gone."""
    earlier = await find_request(connection, request.changes.request_id) if request.changes else None
    if earlier is None or earlier.emplid != request.emplid:
        return []
    return list(_between(earlier.application, request.application))


def _between(before: Application, after: Application) -> Iterator[Difference]:
    for name, words in _WORDS.items():
        old, new = _said(getattr(before, name)), _said(getattr(after, name))
        if old != new:
            yield Difference(words, old, new)


def _said(value: Any) -> str:
    match value:
        case date():
            return in_words(value)
        case Decimal():
            return f"{value.normalize():f}"
        case Address():
            return ", ".join(filter(None, (value.street, value.city, f"{value.region} {value.postal_code}".strip())))
        case Course():
            return value.title
        case tuple():
            return "; ".join(filter(None, map(_said, value)))
    return _ROUTES.get(value, str(value or ""))
