"""CaseAssigned, IssuanceAsked and ConfirmationAsked: a read that begins later answers them (P21, P26)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from cpt.postgres import Connection
from enrollment_sync.due import make_check_due
from enrollment_sync.store import sql, students_of

Kind = Literal["assignment", "issuance", "confirmation"]


async def record_check_request(
    connection: Connection, event_id: str, request_ids: Iterable[str], kind: Kind, now: datetime
) -> None:
    """Kept also for a request that is not known yet: its first read answers it (P1)."""
    for request_id in request_ids:
        await connection.execute(sql.add_question, event_id, request_id, kind, now)
    await make_check_due(connection, await students_of(connection, list(request_ids)), kind, now)
