"""A student answers what the office wrote, on the page that shows it."""

from datetime import datetime, timedelta

from cpt.contracts.intake import StudentAnswered
from cpt.messaging import append
from cpt.postgres import Connection
from cpt.web.person import Person
from intake.domain.lifecycle import Refused
from intake.store import add_history, save_request, sql, write_audit
from intake.student.own_request import lock_own
from intake.student.quotas import QuotaReached

_DAY = timedelta(hours=24)
_MOST = 20


async def answer_message(connection: Connection, request_id: str, person: Person, text: str, now: datetime) -> None:
    """The same words again are no second answer. Raises `NoSuchRequest`, `QuotaReached`, or `Refused` where the office
    wrote nothing.
    """
    request = await lock_own(connection, request_id, person)
    before = await connection.fetchrow(sql.answers_since, request_id, now - _DAY)
    if before is None or not before["written"]:
        raise Refused("wrong_state", "The office has not written to you about this request.")
    if before["last"] == text:
        return
    if before["answers"] >= _MOST:
        words = f"You have sent {_MOST} answers within 24 hours. Please call the office, or write tomorrow."
        raise QuotaReached("too_many_answers", words, _DAY)
    await connection.execute(sql.add_answer, request_id, now, text, person.name or "You")
    saved = await save_request(connection, request)
    await add_history(connection, request_id, now, "message_answered", "student")
    await write_audit(connection, now, person.sub, "message_answered", request_id)
    event = StudentAnswered(request_id=request_id, round=saved.round, text=text, at=now)
    await append(connection, event, sequence=saved.version, now=now)
