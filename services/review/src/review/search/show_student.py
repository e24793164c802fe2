"""Everything about one student on one page, found by any of their requests; the address names nobody."""

from datetime import datetime
from typing import Any

from cpt.contracts.values import Person
from cpt.postgres import Connection
from review.search.store import NoSuchRequest, sql
from review.store import Cause, write_audit

Shown = dict[str, Any]


async def other_requests(connection: Connection, request_id: str) -> list[Shown]:
    """What else the student has asked for, the newest first; nothing where nobody has told of the request."""
    rows = await connection.fetch(sql.requests_beside, request_id)
    return [dict(row) for row in rows]


async def show_student(
    connection: Connection, request_id: str, reader: Person, viewer: str | None, now: datetime
) -> Shown:
    """`requests`, `authorizations`, `alerts`, `tasks`, `mails`, each newest or most urgent first; `profile` as SPIRE
    said it last. `viewer`: an adviser who sees only their own alerts. The reading is logged. Raises `NoSuchRequest`.
    """
    summary = await connection.fetchrow(sql.find_summary, request_id)
    if summary is None:
        raise NoSuchRequest(request_id)
    requests = [dict(row) for row in await connection.fetch(sql.requests_of_student, summary["emplid"])]
    ids = [row["request_id"] for row in requests]
    alerts = [dict(row) for row in await connection.fetch(sql.find_alerts_about, ids, viewer, 200, reader.sub)]
    subjects = [*ids, *(alert["alert_id"] for alert in alerts)]
    await write_audit(
        connection, Cause("read", reader.sub, now), "case_read", request_id, part="student", request_ids=ids
    )
    checked = max((row for row in requests if row["profile"]), key=lambda row: row["checked_at"], default=None)
    return {
        "request_id": request_id,
        "emplid": summary["emplid"],
        "name": summary["student_name"],
        "profile": checked["profile"] if checked else None,
        "profile_at": checked["checked_at"] if checked else None,
        "requests": requests,
        "references": {row["request_id"]: row["reference"] for row in requests},
        "authorizations": [dict(row) for row in await connection.fetch(sql.authorizations_of_requests, ids)],
        "alerts": alerts,
        "tasks": [dict(row) for row in await connection.fetch(sql.tasks_of_requests, ids)],
        "mails": [dict(row) for row in await connection.fetch(sql.notices_about, subjects)],
    }
