"""Every request that waits for something is told of once more, for a review that did not keep it when it last changed."""

from datetime import datetime

from cpt.messaging import append
from cpt.postgres import Connection, Database
from intake import events
from intake.store import lock_request, save_request, sql

_AT_ONCE = 100


async def publish_statuses(database: Database, now: datetime) -> int:
    """How many; a hundred a transaction, so that nobody waits long. Repeating it changes nothing at review."""
    after, told = "", 0
    while True:
        async with database.transaction() as connection:
            ids = [row["request_id"] for row in await connection.fetch(sql.waiting_requests, after, _AT_ONCE)]
            told += sum([await _publish(connection, request_id, now) for request_id in ids])
        if len(ids) < _AT_ONCE:
            return told
        after = ids[-1]


async def _publish(connection: Connection, request_id: str, now: datetime) -> bool:
    """False for one that went on meanwhile."""
    request = await lock_request(connection, request_id)
    if request is None or request.phase not in ("incomplete", "not_required"):
        return False
    saved = await save_request(connection, request)
    await append(connection, events.status_changed(saved, now), sequence=saved.version, now=now)
    return True
