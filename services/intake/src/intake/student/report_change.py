"""After issuance the student tells what may change the authorization; a DSO decides what follows (R32, R33)."""

from datetime import date, datetime

from cpt.campus.clock import eastern_date
from cpt.contracts.intake import StudentReported
from cpt.messaging import append
from cpt.postgres import Connection
from cpt.web.person import Person
from intake.domain.history import Reported
from intake.domain.lifecycle import Refused
from intake.store import add_history, save_request, sql, write_audit
from intake.student.own_request import lock_own


async def report_change(
    connection: Connection, request_id: str, person: Person, what: Reported, on: date | None, words: str, now: datetime
) -> None:
    """Saying the same again changes nothing. Raises `NoSuchRequest`, or `Refused` before an I-20 was issued."""
    request = await lock_own(connection, request_id, person)
    if request.phase != "issued":
        raise Refused(
            "wrong_state",
            "No CPT I-20 has been issued for this request. Correct or withdraw the request instead.",
        )
    if await connection.fetchval(sql.add_report, request_id, what, on, words, now) is None:
        return
    saved = await save_request(connection, request)
    day = on.isoformat() if on and on != eastern_date(now) else None
    await add_history(connection, request_id, now, "reported", "student", what=what, on=day, words=words)
    await write_audit(connection, now, person.sub, "student_reported", request_id, what=what)
    event = StudentReported(request_id=request_id, round=saved.round, what=what, on=on, words=words, at=now)
    await append(connection, event, sequence=saved.version, now=now)
