"""What the form itself still lacks: `form.<field>`, all fields at once (R11, R20, R43, R46)."""

import re
from collections.abc import Iterator
from datetime import date

from cpt.campus.calendar import AcademicCalendar
from cpt.campus.clock import in_words as day_in_words
from intake.domain.application import Application, Consultation
from intake.domain.terms import in_words, terms_of
from intake.domain.values import Item
from intake.letter import Address
from intake.letter.words import listed

_WANTED = {
    "employer": "The name of the employer is missing.",
    "job_title": "The job title is missing.",
    "duties": "A brief description of your duties is missing.",
    "hours_per_week": "The number of hours per week is missing.",
    "start_date": "The exact start date is missing.",
    "end_date": "The exact end date is missing.",
    "compensation": "The salary and related compensation are missing.",
    "paid": "Please say whether the training is paid. CPT is for paid training only.",
    "route": "Please choose how the training is integral to your degree: required, co-op or for credit.",
}
_NO_PLACE = frozenset(
    listed("remote remotely virtual virtually hybrid telework telecommute telecommuting home wfh online")
    + listed("anywhere various multiple tbd tba na determined announced")
)
_BESIDE = frozenset(
    listed("100 fully only work working from in my the to be a n or and office location locations us usa")
)
"""Words that make no address of what says that there is none."""
_PO_BOX = re.compile(r"\bp(?:ost)?\.?\s*o(?:ffice)?\.?\s*b(?:ox)?(?=\b|\d)", re.IGNORECASE)


_STILL_TO_COME = "The day on which you consulted them is still to come. Once you have been there, send the form again."


def wrong_answers(application: Application, today: date) -> Iterator[tuple[str, str]]:
    """Field and message of what was answered and cannot be; of a request that was sent these are among its items."""
    yield from (("end_date", item.message) for item in _over(application.end_date, today))
    yield from (("work_locations", fault) for place in application.work_locations if (fault := _not_a_place(place)))
    consulted = application.adviser_consulted
    if consulted and consulted.on and consulted.on > today:
        yield "adviser_consulted", _STILL_TO_COME


def form_items(application: Application, calendar: AcademicCalendar, today: date) -> Iterator[Item]:
    for field, message in _WANTED.items():
        if getattr(application, field) in ("", None):
            yield _item(field, message)
    yield from _over(application.end_date, today)
    yield from _employer_address(application.employer_address)
    yield from _work_locations(application.work_locations)
    yield from _terms(application, calendar)
    yield from _courses(application, calendar)
    yield from _consultation(application.adviser_consulted, today)


def _over(end: date | None, today: date) -> Iterator[Item]:
    """A27."""
    if end and end < today:
        message = f"The training ended on {day_in_words(end)}: training that is over cannot be authorized."
        yield _item("end_date", message)


def _employer_address(address: Address) -> Iterator[Item]:
    """R3, A21: a PO box is fine for a mailing address; case 29: without a postal code it is not complete."""
    parts = _missing_parts(address, postal_code=True)
    if parts:
        yield _item("employer_address", f"The employer's complete mailing address is missing: add {', '.join(parts)}.")


def _work_locations(places: tuple[Address, ...]) -> Iterator[Item]:
    """A1, A21: the I-20 names a physical place, of each location."""
    if not places:
        yield _item("work_locations", "The location where you will work is missing.")
    for place in places:
        if fault := _no_place(place):
            yield _item("work_locations", fault)
            return


def _no_place(place: Address) -> str | None:
    if fault := _not_a_place(place):
        return fault
    parts = _missing_parts(place, postal_code=False)
    return f"A work location is not complete: add {', '.join(parts)}." if parts else None


def _not_a_place(place: Address) -> str | None:
    if _says_no_place(place.street) or _says_no_place(place.city):
        return (
            "A work location must be a street address. If you work remotely, give the address you will work from, "
            "usually your home."
        )
    if _PO_BOX.search(place.street):
        return "A PO box is no work location: give the street address where you will work."
    return None


def _says_no_place(text: str) -> bool:
    """Remote - US, To be determined; 14 Home Street is a place."""
    words = set(re.findall(r"\w+", text.casefold()))
    return (not words.isdisjoint(_NO_PLACE) and words <= _NO_PLACE | _BESIDE) or words == {"n", "a"}


def _missing_parts(address: Address, *, postal_code: bool) -> list[str]:
    wanted = {"the street": address.street, "the city": address.city}
    if address.domestic:
        wanted["the state"] = address.region
    if postal_code:
        wanted["the postal code"] = address.postal_code
    return [name for name, text in wanted.items() if not text]


def _terms(application: Application, calendar: AcademicCalendar) -> Iterator[Item]:
    """R22: the terms whose dates meet the training; a calendar that cannot tell names nothing (case 25)."""
    overlapped = terms_of(application, calendar)
    if not application.terms and overlapped != ():
        hint = f" Your dates overlap {in_words(overlapped)}." if overlapped else ""
        yield _item("terms", f"Please name every term that your training overlaps.{hint}")
    elif overlapped is not None and set(application.terms) != {term.strm for term in overlapped}:
        where = in_words(overlapped) if overlapped else "no term of the academic calendar"
        yield _item("terms", f"The terms do not fit the dates: your training overlaps {where}. Name exactly these.")


def _courses(application: Application, calendar: AcademicCalendar) -> Iterator[Item]:
    """A23: the course is named for each overlapped term; a co-op rests on one in all."""
    named = {course.strm for course in application.named_courses}
    coop, overlapped = application.route == "coop", terms_of(application, calendar)
    if coop and named:
        return
    if overlapped is None:
        wanted = {strm: f"term {strm}" for strm in application.terms}
    else:
        wanted = {term.strm: in_words((term,)) for term in overlapped}
    lacking = [name for strm, name in wanted.items() if strm not in named]
    if lacking or (overlapped is None and not named):
        where = f" in {(' or ' if coop else ' and ').join(lacking)}" if lacking else ""
        message = f"Please name the course that your training rests on{where}: its subject and its catalog number."
        yield _item("courses", message)


def _consultation(consulted: Consultation | None, today: date) -> Iterator[Item]:
    """R20: the student was there first; an appointment is none yet."""
    if consulted is None or not (consulted.name or consulted.office) or consulted.on is None:
        message = "Please name the academic adviser or career services office you consulted, and the date."
        yield _item("adviser_consulted", message)
    elif consulted.on > today:
        yield _item("adviser_consulted", _STILL_TO_COME)


def _item(field: str, message: str) -> Item:
    return Item(f"form.{field}", message, "you", "the form")
