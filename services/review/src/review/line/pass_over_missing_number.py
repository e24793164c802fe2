"""A director passes over a number that never arrived; it takes its place when it comes after all (P12)."""

from datetime import datetime

from cpt.contracts.values import Person
from cpt.postgres import Connection
from review.domain import Refused
from review.store import Cause, lock_line, move_number, sql, write_audit


async def pass_over_missing_number(
    connection: Connection, receipt_number: int, director: Person, reason: str, now: datetime
) -> None:
    """Raises `Refused` for a number that has arrived, and for one above all that have: nobody waits behind it."""
    await lock_line(connection)
    if not await connection.fetchval(sql.is_hole, receipt_number):
        raise Refused("wrong_state", f"Number {receipt_number} is no hole: it has arrived, or no higher one has.")
    cause = Cause("pass_over", director.sub, now)
    await move_number(connection, receipt_number, "passed_over", cause, request_id=None, round_=None)
    await write_audit(connection, cause, "hole_passed_over", str(receipt_number), reason=reason)
