"""A student corrects the form (R46); a number that was drawn already is given up by it (P4)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from cpt.postgres import Database
from cpt.web.person import Person
from intake.domain.lifecycle import Refused, require_confirmed, require_open_to_student
from intake.domain.request import Request
from intake.domain.returns import answer_returns, changed_fields, names_of_fields
from intake.forms import amended
from intake.line.reevaluate_request import reevaluate_request
from intake.line.unit_of_work import unit_of_work
from intake.store import add_history, letter_text
from intake.student.check_letter import find_in_letter
from intake.student.own_request import find_own, lock_own

ATTEMPTS = 5


async def correct_request(
    database: Database,
    request_id: str,
    person: Person,
    changes: Mapping[str, Any],
    now: datetime,
    *,
    confirmed: bool = False,
) -> None:
    """Raises `NoSuchRequest`, `Refused`, pydantic's ValidationError. Fields that stay the same are no change.

    `confirmed`: the student knows that a change costs the place in line (P4).
    """
    for _ in range(ATTEMPTS):
        async with database.connection() as connection:
            seen = await find_own(connection, request_id, person)
            text = await letter_text(connection, request_id)
        application = amended(seen.application, changes)
        letter = await find_in_letter(text, application, seen.student.name)
        corrected = replace(seen, application=application, letter=letter)
        if await _apply(database, seen, corrected, person, now, confirmed=confirmed):
            return
    raise stale()


def stale() -> Refused:
    return Refused("stale_version", "The request changed several times meanwhile. Please try again.")


async def _apply(
    database: Database, seen: Request, corrected: Request, person: Person, now: datetime, *, confirmed: bool
) -> bool:
    """False when the request is no longer the one the letter was compared with."""
    async with unit_of_work(database, now) as work:
        request = await lock_own(work.connection, seen.request_id, person)
        require_open_to_student(request.phase, request.shown)
        if request.version != seen.version:
            return False
        if changed := changed_fields(request.application, corrected.application):
            require_confirmed(request.phase, confirmed=confirmed)
            after = answer_returns(corrected, set(names_of_fields(changed)))
            await add_history(work.connection, request.request_id, now, "corrected", "student")
            await work.audit(person.sub, "request_corrected", request.request_id, fields=changed)
            await reevaluate_request(work, request, after, "facts", gives_up=True)
        elif request.phase == "incomplete":  # a day may have come since (R20)
            await reevaluate_request(work, request, request, "facts")
    return True
