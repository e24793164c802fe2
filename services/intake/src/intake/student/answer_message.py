"""A student answers what the office wrote, on the page that shows it."""

from datetime import timedelta

from cpt.contracts.intake import StudentAnswered
from cpt.web.person import Person
from intake.domain.lifecycle import Refused
from intake.line.unit_of_work import UnitOfWork
from intake.store import add_history, save_request, sql
from intake.student.own_request import lock_own
from intake.student.quotas import QuotaReached

_DAY = timedelta(hours=24)
_MOST = 20


async def answer_message(work: UnitOfWork, request_id: str, person: Person, text: str) -> None:
    """The same words again are no second answer. Raises `NoSuchRequest`, `QuotaReached`, or `Refused` where the office
    wrote nothing.
    """
    request = await lock_own(work.connection, request_id, person)
    before = await work.connection.fetchrow(sql.answers_since, request_id, work.now - _DAY)
    if before is None or not before["written"]:
        raise Refused("wrong_state", "The office has not written to you about this request.")
    if before["last"] == text:
        return
    if before["answers"] >= _MOST:
        words = f"You have sent {_MOST} answers within 24 hours. Please call the office, or write tomorrow."
        raise QuotaReached("too_many_answers", words, _DAY)
    await work.connection.execute(sql.add_answer, request_id, work.now, text, person.name or "You")
    saved = await save_request(work.connection, request)
    await add_history(work.connection, request_id, work.now, "message_answered", "student")
    await work.audit(person.sub, "message_answered", request_id)
    event = StudentAnswered(request_id=request_id, round=saved.round, text=text, at=work.now)
    await work.append(event, sequence=saved.version)
