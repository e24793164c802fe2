"""Asks SPIRE before an I-20 is typed into SEVIS or recorded (P21)."""

from datetime import datetime

from cpt.contracts.review import IssuanceAsked
from cpt.contracts.values import Person
from cpt.messaging import append
from cpt.postgres import Connection
from review.authorizations import latest_authorization
from review.cases.courses import approved_courses
from review.cases.ownership import lock_assigned_case
from review.store import Case, sql


async def ask_before_issuing(connection: Connection, request_id: str, adviser: Person, now: datetime) -> None:
    """For the case page, which shows the segments only after the answer. Raises `Refused`."""
    case = await lock_assigned_case(connection, request_id, adviser, {"approved", "issued"})
    await ask_spire(connection, case, now)


async def ask_spire(connection: Connection, case: Case, now: datetime) -> None:
    """The event's id is the question; only a check that names it opens the gate."""
    standing = await latest_authorization(connection, case.request_id)
    event = IssuanceAsked(
        request_id=case.request_id,
        round=case.round,
        receipt_number=case.receipt_number,
        facts=case.completed.facts,
        at=now,
        courses=standing.courses if standing else approved_courses(case),
    )
    asked = await append(connection, event, sequence=case.version + 1, now=now)
    await connection.execute(sql.name_issuance, case.request_id, asked, now)
