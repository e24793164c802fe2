"""Nobody decides about themselves (A31): one gate before every act of staff that names a case, an alert, a task or
a SEVIS batch.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.people import current_person
from cpt.web.person import Person
from cpt.web.problems import Problem
from review.store import Cause, sql, write_audit

STAFF = ("adviser", "director", "compliance", "operations")


def own_case_gate(database: Database, clock: Clock) -> Callable[..., Awaitable[None]]:
    """A dependency of all routers; reading is an act too, for a case page shows what students never see (A20)."""
    names = ("request_id", "alert_id", "task_id", "batch_id")

    async def not_own(request: Request, person: Annotated[Person, Depends(current_person)]) -> None:
        """Raises a 403 `own_case`, and logs it."""
        named = request.path_params
        subjects = [str(named[name]) if name in named else None for name in names]
        if not any(subjects) or not person.has(*STAFF):
            return
        async with database.transaction() as connection:
            own = await connection.fetchval(sql.is_own, *subjects, person.sub)
            if own:
                cause = Cause(f"{request.method} {request.scope['route'].path}", person.sub, clock())
                await write_audit(connection, cause, "own_case_refused", next(filter(None, subjects)))
        if own:
            raise Problem(403, "own_case", "This is about your own request", "A colleague has to do this.")

    return not_own
