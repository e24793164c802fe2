"""A completion that cannot be read keeps its place in line, is passed by and logged (P11)."""

from cpt.messaging.record import Record
from cpt.postgres import Connection
from review.store import Cause, find_number, lock_line, move_number


async def keep_place_of_unreadable(connection: Connection, record: Record, cause: Cause) -> None:
    """The number and the round travel as headers as well; a record without them holds no place."""
    number, round_ = record.headers.get("ce_receiptnumber", ""), record.headers.get("ce_round", "")
    request_id = record.headers.get("ce_subject") or record.key
    if not (number.isdecimal() and round_.isdecimal() and request_id):
        return
    await lock_line(connection)
    if await find_number(connection, int(number)) is None:
        await move_number(connection, int(number), "unreadable", cause, request_id=request_id, round_=int(round_))
