"""The office said which courses the CPT rests on: the student reads it, above all where it differs (A23, A24)."""

from dataclasses import replace

from cpt.contracts.staff import CourseConfirmed
from intake.domain.application import Course
from intake.domain.history import Code
from intake.events import courses_of
from intake.line.unit_of_work import UnitOfWork
from intake.store import add_history, lock_request, save_request


async def confirm_course(work: UnitOfWork, event: CourseConfirmed) -> None:
    """What was confirmed for one version of the authorization says nothing about a later one."""
    request = await lock_request(work.connection, event.request_id)
    if request is None:
        return
    shown = request.authorized["version"] if request.authorized else None
    counts = event.authorization_version == shown and (shown is not None or event.round == request.round)
    await work.audit("review", "course_confirmed", event.request_id, counts=counts)
    if not counts:
        return
    courses = courses_of(event.courses)
    await save_request(work.connection, replace(request, confirmed=courses))
    now_on, before = _titles(courses), _titles(request.courses)
    code: Code = "course_changed" if before and before != now_on else "course_confirmed"
    await add_history(work.connection, event.request_id, event.at, code, "office", courses=now_on, before=before)


def _titles(courses: tuple[Course, ...]) -> str:
    return " and ".join(dict.fromkeys(course.title for course in courses if course.named))
