"""When the work is: exact calendar dates of its start and end (R7, R8)."""

from datetime import date

from .facts import TypedFacts
from .reading import Letter
from .report import YOUR_EMPLOYER, Problem


def start_date_problem(letter: Letter, typed: TypedFacts) -> Problem | None:
    assert typed.start_date is not None
    return _date_problem(letter, typed.start_date, "start date")


def end_date_problem(letter: Letter, typed: TypedFacts) -> Problem | None:
    assert typed.end_date is not None
    return _date_problem(letter, typed.end_date, "end date")


def _date_problem(letter: Letter, wanted: date, name: str) -> Problem | None:
    """Reading row by row may add a date, but not take the "on or about" from one that stands in a sentence."""
    written, rows = letter.written.dates, letter.rows.dates
    if wanted in written.exact or wanted in rows.exact - written.mentioned:
        return None
    spoken = f"{wanted:%B} {wanted.day}, {wanted.year}"
    if wanted in written.mentioned:
        return Problem(
            f"The letter gives {spoken} only as an approximate {name}; an exact one is needed.", YOUR_EMPLOYER
        )
    return Problem(f"The letter does not state the exact {name} {spoken}, with day, month and year.", YOUR_EMPLOYER)
