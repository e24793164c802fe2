"""What of Handshake cannot be read about a student, told for one of their requests (P29)."""

from datetime import datetime

from cpt.contracts.intake import AgreementsReadable, AgreementsUnreadable
from cpt.messaging import append
from cpt.postgres import Connection
from intake.domain.request import Request
from intake.store import save_request, sql

SHOWN = 10
"""Reasons of parked messages, each at most 200 characters."""


async def publish_unreadable(connection: Connection, request: Request, now: datetime) -> Request:
    """Also of a request that is new; nothing where everything about the student can be read."""
    rows = await connection.fetch(sql.unread_of, request.emplid, SHOWN)
    unread = tuple(row["reason"] for row in rows)
    if not unread:
        return request
    event = AgreementsUnreadable(request_id=request.request_id, emplid=request.emplid, since=now, unread=unread)
    return await publish_of(connection, request, event, now)


async def publish_of(
    connection: Connection, request: Request, event: AgreementsReadable | AgreementsUnreadable, now: datetime
) -> Request:
    saved = await save_request(connection, request)
    await append(connection, event, sequence=saved.version, now=now)
    return saved
