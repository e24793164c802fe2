"""The letter check: is every fact that the student typed in the letter? Whatever is not, is named in one reply (R11)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from cpt.campus.university import HERE

from .address import as_compared
from .facts import Address, TypedFacts
from .greeting import greets_another
from .pay import compensation_doubt, compensation_problem
from .place import location_doubt, location_problem
from .reading import Letter
from .report import Finding, Flag, LetterReport, Outcome, Problem
from .spots import spots_of
from .text import LetterText
from .when import end_date_doubt, end_date_problem, start_date_doubt, start_date_problem
from .who import employer_doubt, employer_problem, letterhead_problem, mailing_address_problem
from .work import duties_problem, hours_doubt, hours_problem, job_title_doubt, job_title_problem, matching_reading

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
_DOUBTS: dict[str, Callable[[Letter, TypedFacts], str]] = {
    "employer": employer_doubt,
    "start_date": start_date_doubt,
    "end_date": end_date_doubt,
    "job_title": job_title_doubt,
    "location": location_doubt,
    "compensation": compensation_doubt,
    "hours_per_week": hours_doubt,
}
FACTS = tuple(_CHECKS)
_TWENTY = Decimal(20)


def check_letter(text: LetterText, facts: TypedFacts) -> LetterReport:
    letter, facts = Letter(text), _as_compared(facts)
    unreadable = not letter.legible or letter.partly_pictures
    findings = tuple(_finding(fact, letter, facts, unreadable=unreadable) for fact in FACTS)
    flags = [*_flags(letter, facts, unreadable=unreadable), *_unclear(findings)]
    pictures = [] if unreadable or letter.unread else list(_in_pictures(findings))
    if text.seen_in_pictures and not unreadable:
        pictures += _by_machine(findings, Letter(text.without_pictures()), facts)
    if pictures:
        flags.append(Flag("letter_is_scan", " ".join(pictures)))
    return LetterReport(findings, tuple(flags))


def _as_compared(facts: TypedFacts) -> TypedFacts:
    return replace(
        facts,
        mailing_address=as_compared(facts.mailing_address, facts.employer),
        work_locations=tuple(as_compared(place, facts.employer) for place in facts.work_locations),
    )


def _finding(fact: str, letter: Letter, facts: TypedFacts, *, unreadable: bool) -> Finding:
    """A page that is a picture may hold what its text lacks, so nothing is called missing then."""
    if not _typed(fact, facts):
        return Finding(fact, Outcome.NOT_TYPED)
    problem = _CHECKS[fact](letter, facts)
    if problem is None:
        doubt = _DOUBTS[fact](letter, facts) if fact in _DOUBTS else ""
        return Finding(fact, Outcome.FOUND, doubt=doubt, spots=spots_of(fact, letter, facts))
    if unreadable or letter.unread or letter.may_show(fact):
        return Finding(fact, Outcome.UNVERIFIABLE)
    return Finding(fact, Outcome.MISSING, problem.message, problem.who_can_fix)


def _in_pictures(findings: Iterable[Finding]) -> Iterator[str]:
    """Names what only a picture of the letter can state, so that nothing unverifiable passes unseen."""
    facts = [finding.fact.replace("_", " ") for finding in findings if finding.outcome is Outcome.UNVERIFIABLE]
    if facts:
        yield f"Only a picture in the letter can state these; read them: {', '.join(facts)}."


def _by_machine(findings: Iterable[Finding], rest: Letter, facts: TypedFacts) -> Iterator[str]:
    """Names what only words in a picture state: a machine may have read them wrongly."""
    found = [finding.fact for finding in findings if finding.outcome is Outcome.FOUND]
    seen = [fact.replace("_", " ") for fact in found if _CHECKS[fact](rest, facts)]
    if seen:
        yield f"Read by machine from a picture in the letter; compare these: {', '.join(seen)}."


def _unclear(findings: Iterable[Finding]) -> Iterator[Flag]:
    """One flag for all facts that stand in the letter and may be something else there."""
    doubts = [f"{finding.fact.replace('_', ' ')}: {finding.doubt}" for finding in findings if finding.doubt]
    if doubts:
        yield Flag("letter_role_unclear", f"What the letter states may be something else; {'; '.join(doubts)}")


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
    if letter.hidden:
        flags.append(Flag("letter_hidden_text", "The letter holds text that nobody can see; it was not read."))
    if letter.unread:
        flags.append(
            Flag("letter_read_in_part", "The letter is longer than what is read: the rest is to be read by a person.")
        )
    if unreadable:
        flags.append(
            Flag("letter_is_scan", "The letter, or a page of it, is a picture: its facts are to be read by a person.")
        )
    if quote := greets_another(letter.written.text, letter.written.sentences, facts.student):
        flags.append(Flag("letter_other_person", f"The letter greets somebody else than the student: “{quote}”"))
    if facts.hours_per_week == _TWENTY:
        flags.append(
            Flag(
                "hours_exactly_twenty",
                f"Exactly 20 hours per week: part-time for SEVIS, contested at {HERE.get().name}.",
            )
        )
    reading = facts.hours_per_week is not None and matching_reading(letter, facts.hours_per_week)
    own = [hours for hours in reading.hours if not (hours.other or hours.unclear)] if reading else []
    if any(not hours.exact or hours.high != facts.hours_per_week for hours in own):
        flags.append(
            Flag(
                "hours_range",
                "The letter gives a range, or more than one number, of hours per week; the maximum counts.",
            )
        )
    return flags
