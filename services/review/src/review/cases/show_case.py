"""The case as advisers see it; reading it is logged (FERPA 99.32)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cpt.contracts.values import Person
from cpt.postgres import Connection
from review.cases.authorized_dates import authorized_dates
from review.cases.flags import flags_of, hours_of
from review.cases.holding import NoSuchCase
from review.domain import Refused
from review.store import (
    Case,
    Cause,
    calendar_in_force,
    case_of,
    find_case,
    find_check,
    latest_authorization,
    sql,
    write_audit,
)

CaseView = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    state: str | None = None
    holder: str | None = None
    limit: int | None = None


async def show_case(connection: Connection, request_id: str, reader: Person, now: datetime) -> CaseView:
    """Raises `NoSuchCase`."""
    case = await find_case(connection, request_id)
    if case is None or case.completion is None:
        raise NoSuchCase(request_id)
    await write_audit(connection, Cause("read", reader.sub, now), "case_read", request_id)
    return await view_of(connection, case)


async def list_cases(connection: Connection, wanted: Wanted) -> list[CaseView]:
    rows = await connection.fetch(sql.list_cases, wanted.state, wanted.holder, wanted.limit)
    return [await view_of(connection, case_of(row)) for row in rows]


async def view_of(connection: Connection, case: Case) -> CaseView:
    done = case.completed
    found = await find_check(connection, case.request_id)
    answer = found[1] if found else None
    standing = await latest_authorization(connection, case.request_id)
    return {
        "request_id": case.request_id,
        "reference": done.reference,
        "receipt_number": case.receipt_number,
        "student": {"emplid": done.facts.emplid, "name": done.recipient.name},
        "hours": hours_of(case).model_dump(mode="json"),
        "state": case.state,
        "held_by": case.holder.sub if case.holder else None,
        "held_by_name": case.holder.name if case.holder else None,
        "received_at": done.received_at,
        "due_on": case.due_on,
        "unverified": case.unverified,
        "flags": [flag.model_dump() for flag in flags_of(case, answer)],
        "enrollment": {
            "outcome": answer.outcome if answer else "pending",
            "checked_at": answer.checked_at if answer else None,
            "findings": [finding.model_dump() for finding in answer.findings] if answer else [],
        },
        **await _dates(connection, case),
        "request": {**done.form.model_dump(mode="json"), "route": done.facts.route, **_span(case)},
        "authorization_version": standing.version if standing else None,
        "tasks": [dict(row) for row in await connection.fetch(sql.list_tasks, case.request_id)],
        "history": [_line(row) for row in await connection.fetch(sql.case_history, case.request_id)],
        "version": case.version,
    }


async def _dates(connection: Connection, case: Case) -> CaseView:
    """What was issued; before that what could be."""
    if (standing := await latest_authorization(connection, case.request_id)) is not None:
        issued = standing.issued
        return {"segments": [s.model_dump() for s in issued.segments], "gaps": [g.model_dump() for g in issued.gaps]}
    found = await find_check(connection, case.request_id)
    try:
        calendar = await calendar_in_force(connection)
        dates = authorized_dates(case, found[1] if found else None, calendar, start=None, issued_on=None)
    except Refused as refused:
        return {"segments": [], "gaps": [], "not_authorizable": str(refused)}
    return {
        "segments": [{"strm": s.strm, "start_date": s.start_date, "end_date": s.end_date} for s in dates.segments],
        "gaps": [{"start_date": g.start_date, "end_date": g.end_date, "why": g.why} for g in dates.gaps],
        "clips": [{"edge": c.edge, "asked": c.asked, "granted": c.granted, "why": c.why} for c in dates.clips],
    }


def _span(case: Case) -> CaseView:
    facts = case.completed.facts
    agreement = case.completed.agreement
    return {
        "start_date": facts.start_date,
        "end_date": facts.end_date,
        "agreement": agreement.model_dump(mode="json") if agreement else None,
    }


def _line(row: Any) -> CaseView:
    return {"at": row["at"], "what": row["action"], "by": row["actor"]}
