"""LegalHoldChanged: while a hold stands, nothing of the student is deleted (case 70)."""

from datetime import datetime

from cpt.contracts.staff import LegalHoldChanged
from cpt.postgres import Connection
from enrollment_sync.store import sql, write_audit


async def apply_legal_hold(connection: Connection, event: LegalHoldChanged, now: datetime) -> None:
    """Needs the student's lock; also before the request is known here (P1)."""
    if event.held:
        await connection.execute(sql.place_hold, event.request_id, event.at)
    else:
        await connection.execute(sql.lift_hold, event.request_id)
    action = "legal_hold_placed" if event.held else "legal_hold_lifted"
    await write_audit(connection, now, "review", action, event.request_id)
