"""LegalHoldChanged: while a hold stands, no mail about its request is deleted (case 70)."""

from datetime import datetime

from cpt.contracts.staff import LegalHoldChanged
from cpt.postgres import Connection
from notifier import store
from notifier.store import sql


async def apply_legal_hold(connection: Connection, event: LegalHoldChanged, now: datetime) -> None:
    """Also before any notice (P1). A step of retention that runs is waited for; the next one sees the hold."""
    await connection.execute(sql.lock_holds)
    if event.held:
        await connection.execute(sql.place_hold, event.request_id, event.at)
    else:
        await connection.execute(sql.lift_hold, event.request_id)
    action = "legal_hold_placed" if event.held else "legal_hold_lifted"
    await store.audit(connection, action, event.request_id, now, actor="review")
