"""The case as advisers see it; reading it is logged (FERPA 99.32)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cpt.campus.calendar import AcademicCalendar
from cpt.contracts.values import Person
from cpt.postgres import Connection
from review.authorizations import latest_authorization
from review.cases.dossier import beside, load_dossier
from review.cases.ownership import find_completed
from review.cases.unread import what_is_unread
from review.cases.view import CaseView, case_view
from review.store import Case, Cause, calendar_in_force, case_of, sql, write_audit
from review.tasks.show_tasks import tasks_of


@dataclass(frozen=True, slots=True)
class Wanted:
    state: str | None = None
    holder: str | None = None
    limit: int | None = None
    viewer: str | None = None


async def show_case(connection: Connection, request_id: str, reader: Person | None, now: datetime) -> CaseView:
    """With a `reader` the reading is logged. Raises `NoSuchCase`."""
    case = await find_completed(connection, request_id)
    if reader is not None:
        await write_audit(connection, Cause("read", reader.sub, now), "case_read", request_id)
    return await view_of(connection, case, await calendar_in_force(connection), now)


async def list_cases(
    connection: Connection, wanted: Wanted, now: datetime, reader: Person | None = None
) -> list[CaseView]:
    """With a `reader` the reading is logged."""
    rows = await connection.fetch(sql.list_cases, wanted.state, wanted.holder, wanted.limit, wanted.viewer)
    if reader is not None:
        read = [row["request_id"] for row in rows]
        await write_audit(connection, Cause("read", reader.sub, now), "cases_listed", "cases", request_ids=read)
    calendar = await calendar_in_force(connection)
    return [await view_of(connection, case_of(row), calendar, now) for row in rows]


async def view_of(connection: Connection, case: Case, calendar: AcademicCalendar, now: datetime) -> CaseView:
    dossier = await load_dossier(connection, case, calendar, now)
    history = [dict(row) for row in await connection.fetch(sql.case_history, case.request_id)]
    agreement = await connection.fetchval(sql.agreement_of, case.request_id)
    around = {
        "tasks": await tasks_of(connection, case.request_id),
        "alerts": [dict(row) for row in await connection.fetch(sql.alerts_in_short, case.request_id)],
        "blind": await what_is_unread(connection, case.request_id),
        "agreement_now": agreement,
        "i20_file": await _i20_file(connection, case.request_id),
    }
    return case_view(dossier, await beside(connection, case.request_id), around, history)


async def _i20_file(connection: Connection, request_id: str) -> dict[str, Any] | None:
    """Whether the student can fetch the I-20 that stands, and has."""
    standing = await latest_authorization(connection, request_id)
    row = await connection.fetchrow(sql.i20_file_of, request_id, standing.version) if standing else None
    return {name: row[name] for name in ("added_at", "fetched_at", "reminded_at")} if row else None
