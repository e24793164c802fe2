"""Asks the person a student says to have consulted, reminds once, and takes one answer (R20). Nothing waits for any of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from uuid_utils import uuid7

from cpt.contracts.intake import ConsultationAnswered, ConsultationAsked
from cpt.contracts.values import Recipient
from cpt.messaging import append
from cpt.postgres import Connection, Database
from cpt.runtime.sections import ConsultationSettings
from intake.domain.history import Code
from intake.domain.request import Request
from intake.store import add_history, find_request, lock_request, request_of, save_request, sql, write_audit

Answer = Literal["confirmed", "not_held"]


@dataclass(frozen=True, slots=True)
class Asking:
    """For which routes, to which domains, how long a link is good, and when it is asked once more."""

    routes: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    valid: timedelta = timedelta(days=14)
    patience: timedelta = timedelta(days=4)


def asking_of(settings: ConsultationSettings) -> Asking:
    return Asking(
        tuple(settings.routes),
        tuple(settings.domains),
        timedelta(days=settings.valid_days),
        timedelta(days=settings.remind_days),
    )


async def ask_consultations(database: Database, asking: Asking, now: datetime) -> int:
    """One step of the loop; how many were asked or reminded. Asks nobody where no route is set."""
    if not asking.routes:
        return 0
    async with database.transaction() as connection:
        rows = await connection.fetch(sql.to_be_consulted, list(asking.routes))
        for row in rows:
            await _ask(connection, request_of(row), asking, now)
    async with database.transaction() as connection:
        late = await connection.fetch(sql.unanswered_consultations, now - asking.patience, now)
        for row in late:
            await connection.execute(sql.mark_consultation_reminded, row["consultation_id"], now)
            if request := await lock_request(connection, row["request_id"]):
                await _publish(connection, request, dict(row), now, reminder=True)
    return len(rows) + len(late)


async def _ask(connection: Connection, request: Request, asking: Asking, now: datetime) -> None:
    consulted = request.application.adviser_consulted
    assert consulted is not None, "the query found an address"
    email = consulted.email.lower()
    may = _may_ask(email, request, asking)
    question = {
        "consultation_id": str(uuid7()),
        "request_id": request.request_id,
        "name": consulted.name,
        "email": email,
        "consulted_on": consulted.on,
        "state": "asked" if may else "not_asked",
        "asked_at": now,
        "expires_at": now + asking.valid,
    }
    await connection.execute(sql.add_consultation, *question.values())
    code: Code = "consultation_asked" if may else "consultation_not_asked"
    await add_history(connection, request.request_id, now, code, "system", name=consulted.name)
    await write_audit(connection, now, "system", code, request.request_id)
    if may:
        await _publish(connection, request, question, now, reminder=False)


def _may_ask(email: str, request: Request, asking: Asking) -> bool:
    """An address of the university, and not the student's own."""
    domain = email.rpartition("@")[2]
    ours = any(domain == one or domain.endswith(f".{one}") for one in asking.domains)
    return ours and email != (request.student.email or "").lower()


async def _publish(
    connection: Connection, request: Request, question: dict[str, Any], now: datetime, *, reminder: bool
) -> None:
    saved = await save_request(connection, request)
    event = ConsultationAsked(
        request_id=request.request_id,
        round=request.round,
        consultation_id=question["consultation_id"],
        student_name=request.student.name,
        employer=request.application.employer,
        consulted_on=question["consulted_on"],
        recipient=Recipient(name=question["name"], email=question["email"]),
        expires_at=question["expires_at"],
        reminder=reminder,
        at=now,
    )
    await append(connection, event, sequence=saved.version, now=now)


@dataclass(frozen=True, slots=True)
class Question:
    """What the person asked is shown, and no more of the request."""

    consultation_id: str
    name: str
    consulted_on: date | None
    student: str
    employer: str
    job_title: str
    start: date | None
    end: date | None
    courses: tuple[str, ...]
    answered: Answer | None


async def find_question(connection: Connection, consultation_id: str) -> Question | None:
    """None for one that no longer counts: another was asked since, or the request has ended without an I-20."""
    row = await connection.fetchrow(sql.find_consultation, consultation_id)
    request = await find_request(connection, row["request_id"]) if row and row["counts"] else None
    if row is None or request is None or row["state"] == "not_asked" or request.phase in ("withdrawn", "denied"):
        return None
    form = request.application
    return Question(
        consultation_id=consultation_id,
        name=row["name"],
        consulted_on=row["consulted_on"],
        student=request.student.name,
        employer=form.employer,
        job_title=form.job_title,
        start=form.start_date,
        end=form.end_date,
        courses=tuple(dict.fromkeys(course.title for course in request.courses if course.named)),
        answered=None if row["state"] == "asked" else row["state"],
    )


async def answer_question(
    connection: Connection, question: Question, answer: Answer, comment: str, now: datetime
) -> None:
    """Once: a second answer changes nothing."""
    about = (question.consultation_id, answer, comment, now)
    request_id = await connection.fetchval(sql.answer_consultation, *about)
    request = await lock_request(connection, request_id) if request_id else None
    if request is None:
        return
    saved = await save_request(connection, request)
    code: Code = "consultation_confirmed" if answer == "confirmed" else "consultation_not_held"
    await add_history(connection, request.request_id, now, code, "system", name=question.name)
    await write_audit(connection, now, "consulted person", code, request.request_id)
    event = ConsultationAnswered(
        request_id=request.request_id,
        round=request.round,
        consultation_id=question.consultation_id,
        name=question.name,
        answer=answer,
        comment=comment,
        at=now,
    )
    await append(connection, event, sequence=saved.version, now=now)
