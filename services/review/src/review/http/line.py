"""The line and its append-only record."""

from typing import Any

from fastapi import APIRouter

from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.addresses import AtMost, RowNumber
from cpt.web.people import named
from review.http.callers import Director, LineReader, ReasonBody
from review.line.pass_over_missing_number import pass_over_missing_number
from review.line.show_line import list_assignments, show_line


def line_router(database: Database, clock: Clock) -> APIRouter:
    router = APIRouter(prefix="/api/line", tags=["line"])

    @router.get("")
    async def line(_: LineReader) -> dict[str, Any]:
        async with database.connection() as connection:
            return await show_line(connection, clock())

    @router.get("/assignments")
    async def assignments(_: LineReader, limit: AtMost = None) -> list[dict[str, Any]]:
        async with database.connection() as connection:
            return await list_assignments(connection, limit)

    @router.post("/{receipt_number}/pass-over")
    async def pass_over(receipt_number: RowNumber, body: ReasonBody, director: Director) -> dict[str, Any]:
        async with database.transaction() as connection:
            await pass_over_missing_number(connection, receipt_number, named(director), body.reason, clock())
            return await show_line(connection, clock())

    return router
