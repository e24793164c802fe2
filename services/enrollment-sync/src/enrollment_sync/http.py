"""Enrollment-sync's HTTP API beside the campus events: reconciliation, calendar, codes, alarms (docs/api)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends

from cpt.campus.calendar import InvalidCalendar
from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.people import require
from cpt.web.person import Person
from cpt.web.problems import FieldError, Problem, plain_problem
from enrollment_sync.code_sets import InvalidCodes, form_of
from enrollment_sync.monitoring.revise_calendar import revise_calendar
from enrollment_sync.monitoring.revise_codes import revise_codes
from enrollment_sync.snapshots.reconcile_snapshot import ask_for_run
from enrollment_sync.store import NotNewer, codes_in_force, sql

Operator = Annotated[Person, Depends(require("operations"))]


@contextmanager
def _refusing(what: str) -> Iterator[None]:
    """What is loaded whole: every fault of it, or that it is not newer."""
    try:
        yield
    except (InvalidCalendar, InvalidCodes) as error:
        faults = [FieldError(what, "invalid", fault) for fault in error.faults]
        raise plain_problem(422, errors=faults) from None
    except NotNewer as error:
        raise Problem(409, "stale_version", str(error)) from None


def api_router(database: Database, clock: Clock) -> APIRouter:
    """What operators call."""
    router = APIRouter()

    @router.post("/api/reconcile/{strm}", status_code=202, tags=["operations"])
    async def reconcile(strm: str, operator: Operator) -> dict[str, str]:
        async with database.transaction() as connection:
            return {"run_id": await ask_for_run(connection, strm, operator.sub, clock())}

    @router.get("/api/reconcile", tags=["operations"])
    async def runs(_: Operator) -> list[dict[str, Any]]:
        async with database.connection() as connection:
            return [dict(row) for row in await connection.fetch(sql.list_runs)]

    @router.put("/api/calendar", tags=["operations"])
    async def calendar(form: Annotated[dict[str, Any], Body()], operator: Operator) -> dict[str, int]:
        with _refusing("calendar"):
            async with database.transaction() as connection:
                return {"version": await revise_calendar(connection, form, operator.sub, clock())}

    @router.get("/api/codes", tags=["operations"])
    async def codes_now(_: Operator) -> dict[str, Any]:
        """Those in force, in the form that is loaded."""
        async with database.connection() as connection:
            return form_of(await codes_in_force(connection))

    @router.put("/api/codes", tags=["operations"])
    async def codes(form: Annotated[dict[str, Any], Body()], operator: Operator) -> dict[str, int]:
        with _refusing("codes"):
            async with database.transaction() as connection:
                return {"version": await revise_codes(connection, form, operator.sub, clock())}

    @router.get("/api/alarms", tags=["operations"])
    async def alarms(_: Operator) -> list[dict[str, Any]]:
        async with database.connection() as connection:
            return [dict(row) for row in await connection.fetch(sql.open_alarms)]

    return router
