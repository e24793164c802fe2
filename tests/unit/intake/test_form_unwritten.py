"""What a form may say of places: remote work, boxes, addresses abroad (cases nobody wrote down)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from cpt.campus.calendar import illustrative_calendar
from intake.domain.application import Application, Consultation, Course
from intake.domain.form_items import form_items
from intake.letter import Address

OFFICE = Address("12 Main St", "Springfield", "MA", "01103", "US")
_WHOLE = Application(
    employer="Baystate Robotics Inc.",
    employer_address=OFFICE,
    job_title="Intern",
    duties="Testing arms",
    hours_per_week=Decimal(20),
    start_date=date(2026, 9, 14),
    end_date=date(2026, 12, 11),
    work_locations=(OFFICE,),
    compensation="$24.00 per hour",
    paid=True,
    route="credit",
    terms=("1267",),
    courses=(Course("1267", "COMPSCI", "698"),),
    adviser_consulted=Consultation("Ann Bell", "CICS", date(2026, 8, 20)),
)


def lacks(**changes: object) -> list[str]:
    return [item.code for item in form_items(replace(_WHOLE, **changes), illustrative_calendar(), date(2026, 8, 24))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "street",
    [
        "Remote",
        "REMOTE (USA)",
        "Remote - US",
        "100% remote",
        "Fully remote",
        "Remote work",
        "Home office",
        "Home",
        "From home",
        "Working from home",
        "Hybrid / remote",
        "Virtual",
        "Telecommute",
        "To be determined",
        "TBD",
        "N/A",
        "Multiple locations",
        "Anywhere in the US",
    ],
)
def test_a_word_is_no_place_of_work(street: str) -> None:
    """A21, case 29: the address that is worked from is asked for."""
    assert lacks(work_locations=(replace(OFFICE, street=street),)) == ["form.work_locations"]


@pytest.mark.parametrize(
    "street", ["1 Remote Way", "14 Home Street", "22 Virtual Drive", "300 Anywhere Road", "5 Hybrid Court, Apt 2"]
)
def test_a_street_that_is_called_so_is_a_place_of_work(street: str) -> None:
    """A21."""
    assert lacks(work_locations=(replace(OFFICE, street=street),)) == []


@pytest.mark.parametrize(
    "street", ["PO Box 12", "P.O. Box 12", "P O Box 12", "Post Office Box 12", "POB 12", "po box12"]
)
def test_a_box_receives_mail_and_nobody_works_there(street: str) -> None:
    """A21, R3: fine for the letterhead, no place of work."""
    assert lacks(employer_address=replace(OFFICE, street=street)) == []
    assert lacks(work_locations=(replace(OFFICE, street=street),)) == ["form.work_locations"]


@pytest.mark.parametrize(
    ("address", "whole"),
    [
        (Address("Hauptstr. 1", "Berlin", "", "10115", "DE"), True),
        (Address("Hauptstr. 1", "Berlin", "", "", "DE"), False),
        (Address("1 Main St", "Springfield", "", "01103", "US"), False),
        (Address("1 Main St", "Springfield", "MA", "", "US"), False),
        (Address("1 Rue X", "Paris", "", "75001", "FR"), True),
    ],
)
def test_an_address_abroad_needs_no_state_and_one_at_home_does(address: Address, whole: bool) -> None:
    """R3, A21, case 29."""
    assert (lacks(employer_address=address) == []) is whole


def test_one_bad_place_among_two_is_named() -> None:
    """R9, case 35: nothing is merged silently."""
    assert lacks(work_locations=(OFFICE, replace(OFFICE, street="Remote"))) == ["form.work_locations"]


@pytest.mark.parametrize(
    ("start", "end", "terms", "fits"),
    [
        ("2026-09-08", "2026-12-23", ("1267",), True),
        ("2026-09-07", "2026-12-24", ("1267",), True),  # a day of break on either side
        ("2026-08-21", "2026-12-23", ("1267",), False),
        ("2026-12-01", "2026-12-28", ("1267",), False),  # winter begins
        ("2026-12-01", "2026-12-28", ("1271", "1267"), True),  # in any order
        ("2026-09-14", "2026-12-11", ("1267", "1267"), True),
        ("2026-09-14", "2026-12-11", ("1267", "1271"), False),
    ],
)
def test_the_terms_of_the_form_are_those_of_its_days(start: str, end: str, terms: tuple[str, ...], fits: bool) -> None:
    """R22, R43."""
    given = {"start_date": date.fromisoformat(start), "end_date": date.fromisoformat(end), "terms": terms}
    courses = tuple(Course(strm, "COMPSCI", "698") for strm in ("1265", "1267", "1271"))

    assert (lacks(**given, courses=courses) == []) is fits
