"""After issuance the student tells what may change the authorization; a DSO decides what follows (R32, R33)."""

from datetime import date

from cpt.campus.clock import eastern_date
from cpt.contracts.intake import StudentReported
from cpt.web.person import Person
from intake.domain.history import Reported
from intake.domain.lifecycle import Refused
from intake.line.unit_of_work import UnitOfWork
from intake.store import add_history, save_request, sql
from intake.student.own_request import lock_own


async def report_change(
    work: UnitOfWork, request_id: str, person: Person, what: Reported, on: date | None, words: str
) -> None:
    """Saying the same again changes nothing. Raises `NoSuchRequest`, or `Refused` before an I-20 was issued."""
    request = await lock_own(work.connection, request_id, person)
    if request.phase != "issued":
        raise Refused(
            "wrong_state",
            "No CPT I-20 has been issued for this request. Correct or withdraw the request instead.",
        )
    if await work.connection.fetchval(sql.add_report, request_id, what, on, words, work.now) is None:
        return
    saved = await save_request(work.connection, request)
    day = on.isoformat() if on and on != eastern_date(work.now) else None
    await add_history(work.connection, request_id, work.now, "reported", "student", what=what, on=day, words=words)
    await work.audit(person.sub, "student_reported", request_id, what=what)
    event = StudentReported(request_id=request_id, round=saved.round, what=what, on=on, words=words, at=work.now)
    await work.append(event, sequence=saved.version)
