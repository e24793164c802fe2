"""Enrollment-sync's HTTP API beside the campus events: reconciliation, calendar, alarms (docs/api)."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends

from cpt.campus.calendar import InvalidCalendar
from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.people import require
from cpt.web.person import Person
from cpt.web.problems import FieldError, Problem, plain_problem
from enrollment_sync.monitoring.revise_calendar import NotNewer, revise_calendar
from enrollment_sync.snapshots.reconcile_snapshot import ask_for_run
from enrollment_sync.store import sql

Operator = Annotated[Person, Depends(require("operations"))]


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
        try:
            async with database.transaction() as connection:
                return {"version": await revise_calendar(connection, form, operator.sub, clock())}
        except InvalidCalendar as error:
            faults = [FieldError("calendar", "invalid", fault) for fault in error.faults]
            raise plain_problem(422, errors=faults) from None
        except NotNewer as error:
            raise Problem(409, "stale_version", str(error)) from None

    @router.get("/api/alarms", tags=["operations"])
    async def alarms(_: Operator) -> list[dict[str, Any]]:
        async with database.connection() as connection:
            return [dict(row) for row in await connection.fetch(sql.open_alarms)]

    return router
