"""The dates an I-20 for this case may name, as they stand now (A8, A9, A16)."""

from datetime import date

from cpt.campus.authorization import Authorization, CoopContract, NotAuthorizable
from cpt.campus.calendar import AcademicCalendar
from cpt.campus.limits import Limits
from cpt.contracts.enrollment import EnrollmentChecked
from review.domain import Refused, authorize
from review.store import Case


def authorized_dates(
    case: Case,
    answer: EnrollmentChecked | None,
    calendar: AcademicCalendar,
    *,
    start: date | None,
    issued_on: date | None,
) -> Authorization:
    """`start` is a later start set by the office (R49); `issued_on` is None before there is an I-20. Raises `Refused` when no day is left (case 45)."""
    facts = case.completed.facts
    student = answer.student if answer else None
    ends = (student.program_end_date, student.admit_until) if student else (None, None)
    limits = Limits(issued_on, *ends)
    contract = CoopContract(facts.coop.start_date, facts.coop.end_date) if facts.coop else None
    if contract and start:
        contract = CoopContract(max(start, contract.start_date), contract.end_date)
    try:
        return authorize(max(start or facts.start_date, facts.start_date), facts.end_date, calendar, limits, contract)
    except (NotAuthorizable, ValueError) as error:
        raise Refused("nothing_to_authorize", f"No day is left to authorize: {error}") from None
