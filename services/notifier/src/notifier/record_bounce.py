"""A mail that a server had accepted came back: the notice failed after all, and staff use another channel (case 62)."""

from datetime import datetime

from cpt.contracts.notifier import NoticeFailed
from cpt.messaging import append
from cpt.postgres import Connection
from notifier import store
from notifier.show_notices import NoSuchNotice


async def record_bounce(connection: Connection, notice_id: str, person: str, reason: str, now: datetime) -> None:
    """A second bounce changes nothing. Raises `NoSuchNotice` also for one that has not left."""
    row = await store.bounce(connection, notice_id, f"It came back: {reason}", now)
    if row is None:
        if await store.state(connection, notice_id) != "failed":
            raise NoSuchNotice
        return
    await store.audit(connection, "notice_bounced", notice_id, now, {"reason": reason}, actor=person)
    told = NoticeFailed(
        notice_id=notice_id,
        subject_id=row["subject_id"],
        kind=row["kind"],
        caused_by=row["event_id"],
        at=now,
        reason=f"It came back: {reason}",
        attempts=row["attempts"],
    )
    await append(connection, told, sequence=row["version"], now=now)
