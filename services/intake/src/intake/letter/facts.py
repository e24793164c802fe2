"""The facts of the offer letter as the student typed them into the form; an empty one is not compared."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Address:
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = "US"

    @property
    def domestic(self) -> bool:
        return self.country.strip().upper() in {"", "US", "USA"}


@dataclass(frozen=True, slots=True)
class TypedFacts:
    employer: str = ""
    mailing_address: Address = Address()
    job_title: str = ""
    duties: str = ""
    hours_per_week: Decimal | None = None
    start_date: date | None = None
    end_date: date | None = None
    work_locations: tuple[Address, ...] = ()
    compensation: str = ""
    student: str = ""
    """The student's name, as the university knows it."""
