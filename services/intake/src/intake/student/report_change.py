"""After issuance the student tells what may change the authorization; a DSO decides what follows (R32, R33)."""

from datetime import date, datetime
from typing import Literal

from cpt.campus.clock import eastern_date, in_words
from cpt.contracts.intake import StudentReported
from cpt.messaging import append
from cpt.postgres import Connection
from cpt.web.person import Person
from intake.domain.lifecycle import Refused
from intake.store import add_history, save_request, sql, write_audit
from intake.student.own_request import lock_own

Reported = Literal["withdrew_from_course", "will_not_start", "stopped_working", "other"]

_SENTENCES: dict[Reported, str] = {
    "withdrew_from_course": "You told us that you left the course",
    "will_not_start": "You told us that you will not start",
    "stopped_working": "You told us that you have stopped working",
    "other": "You told us of a change",
}


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
    day = f" ({in_words(on)})" if on and on != eastern_date(now) else ""
    said = f": {words}" if words else ""
    await add_history(connection, request_id, now, f"{_SENTENCES[what]}{day}{said}", "student")
    await write_audit(connection, now, person.sub, "student_reported", request_id, what=what)
    event = StudentReported(request_id=request_id, round=saved.round, what=what, on=on, words=words, at=now)
    await append(connection, event, sequence=saved.version, now=now)
