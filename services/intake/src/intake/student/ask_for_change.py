"""A student asks to extend or change an issued authorization: a new request in the same line, with the same gates (X6)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from cpt.campus.calendar import AcademicCalendar
from cpt.postgres import Database
from cpt.web.person import Person
from intake.domain.application import Application
from intake.domain.changes import says_the_same, starting_point
from intake.domain.lifecycle import Refused
from intake.domain.terms import terms_of
from intake.forms import ApplicationBody, amended_body
from intake.spire import SpireDirectory
from intake.store import calendar_in_force
from intake.student.own_request import find_own
from intake.student.quotas import STANDARD, Quotas
from intake.student.submit_request import submit_request


async def ask_for_change(
    database: Database,
    directory: SpireDirectory,
    request_id: str,
    person: Person,
    key: str,
    changes: Mapping[str, Any],
    now: datetime,
    quotas: Quotas = STANDARD,
) -> dict[str, Any]:
    """`changes` are the fields that differ; what they leave out stays as it was issued. The terms follow from the dates.

    Raises `NoSuchRequest`, `Refused`, `KeyUsedBefore`, `QuotaReached`, pydantic's ValidationError.
    """
    async with database.connection() as connection:
        earlier = await find_own(connection, request_id, person)
        calendar = await calendar_in_force(connection)
    issued = replace(earlier.application, courses=earlier.courses)
    body = _body(issued, changes, calendar)
    if says_the_same(issued, body.to_application()):
        raise Refused("nothing_changed", "Nothing differs from what was issued. Say what shall change.")
    return await submit_request(database, directory, person, key, body, now, quotas, changes=request_id)


def _body(issued: Application, changes: Mapping[str, Any], calendar: AcademicCalendar) -> ApplicationBody:
    """Courses of terms that the new dates leave are not carried along."""
    body = amended_body(starting_point(issued), changes)
    terms = terms_of(body.to_application(), calendar)
    if terms is None:
        return body
    strms = [term.strm for term in terms]
    kept: dict[str, Any] = {} if "terms" in changes else {"terms": strms}
    if "courses" not in changes:
        kept["courses"] = [course for course in body.courses if course.strm in strms]
    return body.model_copy(update=kept)
