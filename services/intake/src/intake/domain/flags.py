"""What an adviser must look at, and what a student should know; neither keeps a request from being complete."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from cpt.campus.authorization import CoopContract, NotAuthorizable
from cpt.campus.calendar import AcademicCalendar
from cpt.campus.clock import in_words
from cpt.campus.employers import same_employer
from cpt.campus.policy import IN_FORCE
from cpt.campus.segments import authorized_segments
from cpt.campus.university import HERE
from intake.domain.application import Application
from intake.domain.request import Request
from intake.domain.values import Facts, Flag

ADVISED_LEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Twin:
    """Another request of the student that has not ended otherwise, with the same first and last day."""

    reference: str
    employer: str


def flags_of(request: Request, today: date, twins: Iterable[Twin] = ()) -> tuple[Flag, ...]:
    """Flags of a completion; an adviser accepts each of them or does not approve."""
    letter = request.letter
    flags = list(letter.flags if letter else ())
    if letter and letter.missing and "letter" in request.disputes:
        facts = ", ".join(item.code.removeprefix("letter.") for item in letter.missing)
        flags.append(Flag("letter_disputed", f"Not found in the letter: {facts}. {_says(request.disputes['letter'])}"))
    if request.agreement is None and "agreement" in request.disputes:
        why = _says(request.disputes["agreement"])
        flags.append(Flag("agreement_disputed", f"No matching Handshake agreement is known; look there. {why}"))
    flags += [flag for flag in _timing(request, today) if flag.code != "past_start"]
    return (*flags, *_duplicate(request, twins), *_beyond_offer(request.facts))


def warnings_of(
    request: Request, calendar: AcademicCalendar, today: date, twins: Iterable[Twin] = ()
) -> tuple[Flag, ...]:
    """For the student, never a refusal (R47)."""
    if request.application.unpaid:
        return (Flag("not_required", _unpaid(request.application)),)
    return (*_timing(request, today), *_dates(request.facts, calendar), *_duplicate(request, twins))


def _duplicate(request: Request, twins: Iterable[Twin]) -> Iterator[Flag]:
    """A30, case 86: shown, never refused."""
    references = [one.reference for one in twins if same_employer(one.employer, request.application.employer)]
    if references:
        message = f"There is another request for the same employer and dates: {', '.join(references)}."
        yield Flag("duplicate_request", message)


def _beyond_offer(facts: Facts | None) -> Iterator[Flag]:
    """A30: the contract's dates would be the authorization's (R59)."""
    contract = facts.coop if facts else None
    if facts and contract and (contract.start_date < facts.start_date or facts.end_date < contract.end_date):
        dates = f"{in_words(contract.start_date)} to {in_words(contract.end_date)}"
        yield Flag("contract_beyond_offer", f"The co-op contract, {dates}, is longer than the offer.")


def _timing(request: Request, today: date) -> Iterator[Flag]:
    application = request.application
    start = application.start_date
    if application.already_started:
        message = "The form says that the work has begun. Work before the CPT I-20 is issued is not authorized."
        yield Flag("already_started", message)
    if request.changes and start and start < today:
        return  # the work that the earlier authorization covers has begun, as it should
    if start and start < today:
        message = f"The start, {in_words(start)}, has passed. CPT cannot be back-dated; work may not start yet."
        yield Flag("past_start", message)
    elif start and start < today + ADVISED_LEAD:
        message = f"The start, {in_words(start)}, is less than two weeks away; it may have to be pushed back."
        yield Flag("short_notice", message)


def _dates(facts: Facts | None, calendar: AcademicCalendar) -> Iterator[Flag]:
    """Cases 21, 22 and 25, A9: what the calendar will do to the dates asked for."""
    if facts is None:
        return
    contract = CoopContract(facts.coop.start_date, facts.coop.end_date) if facts.coop else None
    try:
        days = facts.start_date, facts.end_date
        dates = authorized_segments(*days, calendar, contract=contract, policy=IN_FORCE.get())
    except NotAuthorizable as refusal:
        yield Flag(refusal.code, f"{refusal} An adviser will look at it.")
        return
    for clip in dates.clips:
        yield Flag(clip.reason, f"{clip.why} The authorization would {clip.edge} on {in_words(clip.granted)}.")
    for gap in dates.gaps:
        yield Flag("gap", gap.why)


def _unpaid(application: Application) -> str:
    message = f"The training is unpaid: CPT is not required at {HERE.get().name}."
    if application.paid is not True:
        return message
    return f"{message} The form says that it is paid, and of the compensation that it is not: one of them is wrong."


def _says(why: str) -> str:
    return f"The student says: {why}"
