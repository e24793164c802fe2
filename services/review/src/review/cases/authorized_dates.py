"""The dates an I-20 for this case may name, as they stand now (A8, A9, A16)."""

from dataclasses import replace
from datetime import date, timedelta

from cpt.campus.authorization import Authorization, CoopContract, NotAuthorizable
from cpt.campus.clock import in_words
from cpt.campus.limits import AuthorizationLimits
from cpt.campus.policy import IN_FORCE, OfficePolicy
from cpt.campus.segments import authorized_segments
from review.cases.dossier import Dossier
from review.domain import Refused


def authorized_dates(dossier: Dossier, *, start: date | None, issued_on: date | None) -> Authorization:
    """`start` is a later start set by the office (R49); `issued_on` is None before there is an I-20.

    Raises `Refused` when no day is left (case 45, A27).
    """
    student = dossier.student
    ends = (student.program_end_date, student.admit_until) if student else (None, None)
    dates = _authorized(dossier, start, AuthorizationLimits(issued_on, *ends), IN_FORCE.get())
    ended = min(dates.end_date, _asked_until(dossier))
    if issued_on is None and dossier.standing is None and ended < dossier.today:
        over = f"The training ended on {in_words(ended)}; training that is over cannot be authorized (A27)."
        raise Refused("nothing_to_authorize", over)
    return dates


def require_within_program(dossier: Dossier, *, start: date | None, issued_on: date | None) -> None:
    """X2, case 69: the one rule beyond the page that no DSO can pass over. Raises `Refused`.

    It is about the training: where whole terms are endorsed, the program's end cuts them.
    """
    student = dossier.student
    ends = student.program_end_date if student else None
    if student is None or ends is None:
        return
    training = replace(IN_FORCE.get(), dates="intersection")
    dates = _authorized(dossier, start, AuthorizationLimits(issued_on, None, student.admit_until), training)
    if dates.end_date > ends:
        message = (
            f"The program on the I-20 ends on {in_words(ends)}, the training on {in_words(dates.end_date)}: it cannot "
            "be issued (X2). Return it for an earlier end, or extend the program first."
        )
        raise Refused("after_program_end", message)


def _asked_until(dossier: Dossier) -> date:
    facts = dossier.case.completed.facts
    return facts.coop.end_date if facts.coop else facts.end_date


def _authorized(
    dossier: Dossier, start: date | None, limits: AuthorizationLimits, policy: OfficePolicy
) -> Authorization:
    """A corrected I-20 takes no day that was authorized already, and gives back none that was cut off (X6, case 65)."""
    facts, standing = dossier.case.completed.facts, dossier.standing
    first, last = max(start or facts.start_date, facts.start_date), facts.end_date
    limits = _after_the_earlier(dossier, replace(limits, set_start=start))
    contract = CoopContract(facts.coop.start_date, facts.coop.end_date) if facts.coop else None
    if contract and start:
        contract = replace(contract, start_date=max(start, contract.start_date))
    if standing and standing.end:
        last = min(last, standing.end)
        contract = contract and replace(contract, end_date=min(contract.end_date, standing.end))
        issued_on = limits.issued_on and min(limits.issued_on, standing.start)
        limits = replace(limits, issued_on=issued_on, set_end=standing.end)
    try:
        return authorized_segments(first, last, dossier.calendar, limits, contract=contract, policy=policy)
    except (NotAuthorizable, ValueError) as error:
        raise Refused("nothing_to_authorize", f"No day is left to authorize: {error}") from None


def _after_the_earlier(dossier: Dossier, limits: AuthorizationLimits) -> AuthorizationLimits:
    """A change begins when its I-20 exists, and once the earlier one runs, after its first day: that one can only be ended
    then, not canceled (X11).
    """
    earlier = dossier.changes
    if earlier is None or dossier.standing is not None:
        return limits
    limits = replace(limits, issued_on=limits.issued_on or dossier.today)
    if earlier.end is None or dossier.today < earlier.start:
        return limits
    return replace(limits, set_start=max(limits.set_start or date.min, earlier.start + timedelta(days=1)))
