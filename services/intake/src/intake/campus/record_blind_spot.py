"""A message of Handshake that cannot be read: whoever looks at the student's cases is told, until it can be (P29)."""

from datetime import datetime

from cpt.contracts.campus import AgreementChanged
from cpt.contracts.intake import AgreementsReadable
from cpt.messaging import Consumer
from cpt.messaging.errors import Reject
from cpt.messaging.reading import read
from cpt.messaging.record import Record
from cpt.postgres import Connection, Database
from intake.campus.record_agreement import agreement_of
from intake.domain.request import Request
from intake.line.reevaluate_request import reevaluate_request
from intake.line.unit_of_work import drawing_numbers
from intake.store import lock_concerned, lock_requests_of, sql
from intake.unreadable import publish_of, publish_unreadable

ENDED = frozenset({"denied", "withdrawn"})


async def record_blind_spot(connection: Connection, consumer: Consumer, record: Record, now: datetime) -> None:
    """In the transaction that parks it, or has it wait: what waits and can be read is weighed (P29)."""
    if record.key is None:
        return
    await lock_concerned(connection, (), [record.key])
    if await connection.fetchval(sql.note_unread, record.key, now, record.partition, record.offset):
        for request in await _open_requests(connection, record.key):
            await publish_unreadable(connection, request, now)
    await _weigh(connection, consumer, record, now)


async def see_again(database: Database, now: datetime) -> int:
    """One step of the loop: of whom nothing is parked any more."""
    async with database.transaction() as connection:
        emplids = [row["emplid"] for row in await connection.fetch(sql.students_readable)]
        await lock_concerned(connection, (), emplids)
        await connection.execute(sql.forget_unread, emplids)
        for emplid in emplids:
            for request in await _open_requests(connection, emplid):
                event = AgreementsReadable(request_id=request.request_id, emplid=emplid, at=now)
                await publish_of(connection, request, event, now)
    return len(emplids)


async def _weigh(connection: Connection, consumer: Consumer, record: Record, now: datetime) -> None:
    """After issuance a loss is told although its message waits; it is kept when that runs."""
    try:
        envelope = read(consumer, record.topic, record.headers, record.value, await consumer.validators(connection))
    except Reject:
        return
    if envelope is None or not isinstance(envelope.event, AgreementChanged):
        return
    async with drawing_numbers(connection, now) as work:
        for request in await lock_requests_of(connection, record.key or ""):
            if request.phase == "issued":
                waiting = agreement_of(envelope.event)
                await reevaluate_request(work, request, request, "agreement", unsaved=waiting)


async def _open_requests(connection: Connection, emplid: str) -> list[Request]:
    return [request for request in await lock_requests_of(connection, emplid) if request.phase not in ENDED]
