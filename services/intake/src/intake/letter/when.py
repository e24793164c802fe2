"""When the work is: exact calendar dates of its start and end (R7, R8)."""

from datetime import date

from .date_roles import Role
from .dates import Mention
from .facts import TypedFacts
from .reading import Letter, Reading
from .report import YOUR_EMPLOYER, Problem

_OF_TRAINING = (Role.START, Role.END, Role.UNKNOWN)


def start_date_problem(letter: Letter, typed: TypedFacts) -> Problem | None:
    assert typed.start_date is not None
    return _date_problem(letter, typed.start_date, Role.START)


def end_date_problem(letter: Letter, typed: TypedFacts) -> Problem | None:
    assert typed.end_date is not None
    return _date_problem(letter, typed.end_date, Role.END)


def start_date_doubt(letter: Letter, typed: TypedFacts) -> str:
    return _date_doubt(letter, typed.start_date, Role.START, one_day=typed.start_date == typed.end_date)


def end_date_doubt(letter: Letter, typed: TypedFacts) -> str:
    return _date_doubt(letter, typed.end_date, Role.END, one_day=typed.start_date == typed.end_date)


def _date_problem(letter: Letter, wanted: date, role: Role) -> Problem | None:
    """Reading row by row may add a date, but not take the "on or about" from one that stands in a sentence."""
    written, rows = letter.written.dates, letter.rows.dates
    if wanted in written.exact or wanted in rows.exact - written.mentioned:
        return _other_role(letter, wanted, role)
    spoken = f"{wanted:%B} {wanted.day}, {wanted.year}"
    if wanted in written.mentioned:
        return Problem(
            f"The letter gives {spoken} only as an approximate {role} date; an exact one is needed.", YOUR_EMPLOYER
        )
    return Problem(
        f"The letter does not state the exact {role} date {spoken}, with day, month and year.{_instead(letter, role)}",
        YOUR_EMPLOYER,
    )


def _other_role(letter: Letter, wanted: date, role: Role) -> Problem | None:
    """A date that the letter's words give to something else is no start and no end."""
    told = _told(letter, wanted)
    if not {one.role for _, one in told} <= {Role.OTHER, Role.END if role is Role.START else Role.START}:
        return None
    spoken, quote = f"{wanted:%B} {wanted.day}, {wanted.year}", _quote(told[0])
    return Problem(
        f"The letter gives {spoken} not as the {role} date: “{quote}”{_instead(letter, role)}", YOUR_EMPLOYER
    )


def _instead(letter: Letter, role: Role) -> str:
    """The nearest candidate."""
    days = {one.day for reading in letter.readings for one in reading.dates.mentions if one.role is role}
    return f" Its {role} date seems to be {days.copy().pop():%B %-d, %Y}." if len(days) == 1 else ""


def _date_doubt(letter: Letter, wanted: date | None, role: Role, *, one_day: bool) -> str:
    """The sentence that leaves open what the found date is; empty where one says it.

    A single day of work is start and end at once, unless the letter names another.
    """
    told = _told(letter, wanted)
    if one_day and not any(_rivals(reading, wanted, one) for reading, _ in told for one in _OF_TRAINING):
        return ""
    roles = {one.role for _, one in told}
    plain = [reading for reading, one in told if one.role is role and not one.doubt]
    if any(not _rivals(reading, wanted, role) for reading in plain) and roles.isdisjoint(
        {Role.START, Role.END} - {role}
    ):
        return ""
    why = next((one.doubt for _, one in told if one.doubt), "")
    return f"“{_quote(told[0])}”{why and f' ({why})'}" if told else ""


def _rivals(reading: Reading, wanted: date | None, role: Role) -> bool:
    """Whether the letter gives another day the same role: of two starts one is the start of something else."""
    return any(
        one.role is role and one.day != wanted and not (one.doubt or one.vague) for one in reading.dates.mentions
    )


def _told(letter: Letter, wanted: date | None) -> list[tuple[Reading, Mention]]:
    """Every exact mention of the day, those by which it can be judged first."""
    return [
        (reading, one)
        for reading in letter.readings
        for one in reading.dates.mentions
        if one.day == wanted and not one.vague
    ]


def _quote(told: tuple[Reading, Mention]) -> str:
    reading, mention = told
    return reading.sentences.quote(mention.start, mention.end)
