"""The letter check: is every fact that the student typed in the letter? Whatever is not, is named in one reply (R11)."""

from collections.abc import Callable
from decimal import Decimal

from .facts import Address, TypedFacts
from .pay import compensation_problem
from .place import location_problem
from .reading import Letter
from .report import Finding, Flag, LetterReport, Outcome, Problem
from .text import LetterText
from .when import end_date_problem, start_date_problem
from .who import employer_problem, letterhead_problem, mailing_address_problem
from .work import duties_problem, hours_problem, job_title_problem, matching_reading

_CHECKS: dict[str, Callable[[Letter, TypedFacts], Problem | None]] = {
    "employer": employer_problem,
    "letterhead": letterhead_problem,
    "mailing_address": mailing_address_problem,
    "job_title": job_title_problem,
    "duties": duties_problem,
    "hours_per_week": hours_problem,
    "start_date": start_date_problem,
    "end_date": end_date_problem,
    "location": location_problem,
    "compensation": compensation_problem,
}
FACTS = tuple(_CHECKS)
_TWENTY = Decimal(20)


def check_letter(text: LetterText, facts: TypedFacts) -> LetterReport:
    letter = Letter(text)
    unreadable = not letter.legible or letter.partly_pictures
    findings = tuple(_finding(fact, letter, facts, unreadable=unreadable) for fact in FACTS)
    return LetterReport(findings, tuple(_flags(letter, facts, unreadable=unreadable)))


def _finding(fact: str, letter: Letter, facts: TypedFacts, *, unreadable: bool) -> Finding:
    """A page that is a picture may hold what its text lacks, so nothing is called missing then."""
    if not _typed(fact, facts):
        return Finding(fact, Outcome.NOT_TYPED)
    problem = _CHECKS[fact](letter, facts)
    if problem is None:
        return Finding(fact, Outcome.FOUND)
    if unreadable:
        return Finding(fact, Outcome.UNVERIFIABLE)
    return Finding(fact, Outcome.MISSING, problem.message, problem.who_can_fix)


def _typed(fact: str, facts: TypedFacts) -> bool:
    match fact:
        case "mailing_address":
            return facts.mailing_address != Address(country=facts.mailing_address.country)
        case "location":
            return any(place != Address(country=place.country) for place in facts.work_locations)
        case "letterhead":
            return bool(facts.employer.strip())
        case "hours_per_week" | "start_date" | "end_date":
            return getattr(facts, fact) is not None
        case _:
            return bool(getattr(facts, fact).strip())


def _flags(letter: Letter, facts: TypedFacts, *, unreadable: bool) -> list[Flag]:
    flags = []
    if unreadable:
        flags.append(
            Flag("letter_is_scan", "The letter, or a page of it, is a picture: its facts are to be read by a person.")
        )
    if facts.hours_per_week == _TWENTY:
        flags.append(
            Flag("hours_exactly_twenty", "Exactly 20 hours per week: part-time for SEVIS, contested at UMass.")
        )
    reading = facts.hours_per_week is not None and matching_reading(letter, facts.hours_per_week)
    if reading and any(not hours.exact or hours.high != facts.hours_per_week for hours in reading.hours):
        flags.append(
            Flag(
                "hours_range",
                "The letter gives a range, or more than one number, of hours per week; the maximum counts.",
            )
        )
    return flags
