"""Enrollment-sync has an answer (R28, P3, P4)."""

from dataclasses import replace

from cpt.contracts.enrollment import EnrollmentChecked
from intake.domain.history import Code
from intake.domain.request import Request
from intake.domain.values import Check, Shortfall, Student
from intake.line.reevaluate_request import reevaluate_request
from intake.line.unit_of_work import UnitOfWork
from intake.store import add_history, lock_request

_CODES: dict[str, Code] = {"met": "enrollment_met", "not_met": "enrollment_not_met"}


async def record_enrollment(work: UnitOfWork, event: EnrollmentChecked) -> None:
    """Only the latest check counts, and only for the facts as they are now; a lower number is history."""
    request = await lock_request(work.connection, event.request_id)
    if request is None or (request.enrollment and event.check_no <= request.enrollment.check_no):
        return
    after = replace(request, enrollment=_check(event), student=_student(event, request))
    await reevaluate_request(work, request, after, "enrollment")
    await work.audit("enrollment-sync", f"enrollment_{event.outcome}", request.request_id, check_no=event.check_no)
    if _news(request, event):
        await add_history(work.connection, request.request_id, work.now, _CODES[event.outcome], "SPIRE")


def _check(event: EnrollmentChecked) -> Check:
    short = tuple(Shortfall(f.strm, f.code, f.message) for f in event.findings if f.outcome == "not_met")
    return Check(event.check_no, event.facts_version, event.outcome, short)


def _student(event: EnrollmentChecked, request: Request) -> Student:
    """SPIRE's record is newer than what was known at submission; an address is never unlearned."""
    told, known = event.student, request.student
    if told is None:
        return known
    study_ends = max(filter(None, (told.program_end_date, told.degree_completed_on)), default=known.study_ends)
    return Student(told.name or known.name, told.email or known.email, study_ends)


def _news(request: Request, event: EnrollmentChecked) -> bool:
    """Repeated checks with the same answer would bury the student's history."""
    known = request.enrollment
    same = known is not None and (known.outcome, known.facts_version) == (event.outcome, event.facts_version)
    return event.outcome in _CODES and event.facts_version == request.facts_version and not same
