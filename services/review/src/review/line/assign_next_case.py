"""The next case becomes the adviser's: the lowest number, one statement under one lock (A5, P11, P13)."""

from datetime import datetime

from cpt.contracts.review import CaseAssigned
from cpt.contracts.values import Person
from cpt.messaging import append
from cpt.postgres import Connection
from review.domain import require_transition
from review.store import OWN_CASE, Cause, lock_case, lock_line, lowest_open_number, move_number, sql, write_audit


async def assign_next_case(connection: Connection, adviser: Person, key: str | None, now: datetime) -> str | None:
    """The request id of the case that is now this adviser's; None when nobody waits or the line is held.

    There is no priority of any kind (R51, R52). With the same `key` the answer is the same case again.
    """
    await lock_line(connection)
    if key is not None and (known := await connection.fetchrow(sql.find_next_key, adviser.sub, key)):
        answered: str | None = known["request_id"]
        return answered
    request_id = await _assign_lowest(connection, adviser, now)
    if key is not None:
        await connection.execute(sql.store_next_key, adviser.sub, key, request_id, now)
    return request_id


async def _recuse_from_own(connection: Connection, adviser: Person, now: datetime) -> None:
    """A31: logged in the line as well, so that the proof of order knows why the number was passed by."""
    for own in await connection.fetch(sql.own_numbers, adviser.sub):
        await connection.execute(sql.recuse, own["receipt_number"], adviser.sub)
        about = {"request_id": own["request_id"], "round_": own["round"]}
        await move_number(connection, own["receipt_number"], own["state"], Cause(OWN_CASE, adviser.sub, now), **about)


async def _assign_lowest(connection: Connection, adviser: Person, now: datetime) -> str | None:
    await _recuse_from_own(connection, adviser, now)
    number = await lowest_open_number(connection, adviser.sub)
    if number is None or number.holds_the_line(now):
        return None
    case = await lock_case(connection, number.request_id)
    assert case is not None, "an open number has a case"
    require_transition(case.state, "assigned")
    unverified = number.state == "pending"
    cause = Cause("assign_next_case", adviser.sub, now)
    await move_number(
        connection,
        number.receipt_number,
        "assigned",
        cause,
        request_id=case.request_id,
        round_=case.round,
        unverified=unverified,
    )
    version = await connection.fetchval(sql.assign_case, case.request_id, adviser, now, unverified)
    event = CaseAssigned(
        request_id=case.request_id,
        round=case.round,
        receipt_number=number.receipt_number,
        facts=case.completed.facts,
        adviser=adviser,
        at=now,
        unverified=unverified,
    )
    asked = await append(connection, event, sequence=version, now=now)
    await connection.execute(sql.name_assignment, case.request_id, asked)
    await write_audit(connection, cause, "case_assigned", case.request_id, number=number.receipt_number)
    return case.request_id
