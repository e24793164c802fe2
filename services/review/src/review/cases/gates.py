"""The two gates, asked with the row locks held: approve and issue rest on a fresh answer of SPIRE (P21)."""

from cpt.campus.calendar import AcademicCalendar
from cpt.contracts.enrollment import EnrollmentChecked
from cpt.postgres import Connection
from review.domain import GateAnswer, gate, require_open
from review.store import Case, calendar_in_force, find_check


async def ask_gate(
    connection: Connection, case: Case, question: str | None
) -> tuple[GateAnswer, EnrollmentChecked | None, AcademicCalendar]:
    facts = case.completed.facts
    calendar = await calendar_in_force(connection)
    found = await find_check(connection, case.request_id)
    check, answer = found or (None, None)
    strms = [term.strm for term in calendar.overlapped_terms(facts.start_date, facts.end_date)]
    opinion = gate(check, question, facts_version=case.facts_version, calendar=calendar, strms=strms)
    return opinion, answer, calendar


async def require_gate(
    connection: Connection, case: Case, question: str | None
) -> tuple[EnrollmentChecked | None, AcademicCalendar]:
    """Raises `Refused` with check_pending or enrollment_not_met."""
    opinion, answer, calendar = await ask_gate(connection, case, question)
    require_open(opinion)
    return answer, calendar
