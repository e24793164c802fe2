"""A student submits the form: a request is there from now on, complete or not."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from uuid_utils import uuid7

from cpt.campus.clock import eastern_date
from cpt.postgres import Connection, Database
from cpt.web.person import Person
from intake.domain.changes import require_changeable
from intake.domain.lifecycle import Refused
from intake.domain.request import Request
from intake.domain.values import Changed, LetterFindings, Student
from intake.forms import ApplicationBody
from intake.letter import LetterText
from intake.line.reevaluate_request import reevaluate_request
from intake.line.unit_of_work import UnitOfWork, unit_of_work
from intake.spire import SpireDirectory
from intake.store import (
    StoredDocument,
    add_document,
    add_history,
    changers_of,
    draft_documents,
    insert_request,
    lock_students,
    sql,
)
from intake.student.check_letter import find_in_letter
from intake.student.own_request import lock_own
from intake.student.quotas import STANDARD, Quotas, require_room_for_request
from intake.student.show_request import show_request
from intake.unreadable import publish_unreadable


class KeyUsedBefore(Exception):
    """The same Idempotency-Key came with another body."""


@dataclass(frozen=True, slots=True)
class _Papers:
    """What came with the draft, and what the letter among it says of the form."""

    papers: Sequence[tuple[StoredDocument, LetterText | None]]
    letter: LetterFindings | None


async def submit_request(
    database: Database,
    directory: SpireDirectory,
    person: Person,
    key: str,
    body: ApplicationBody,
    now: datetime,
    quotas: Quotas = STANDARD,
    *,
    changes: str | None = None,
) -> dict[str, Any]:
    """The same key and body get the same answer (case 43); the papers of the draft with that key come along. `changes`: the
    issued request that this one asks to change.

    Raises `KeyUsedBefore`, `QuotaReached`, and `Refused` when a paper comes in at the same moment; for a change
    `NoSuchRequest`, `Refused`.
    """
    digest = hashlib.sha256(f"{body.model_dump_json()}{changes or ''}".encode()).hexdigest()
    async with database.connection() as connection:
        if (answer := await _answered(connection, person, key, digest)) is not None:
            return answer
        papers = await draft_documents(connection, person.sub, key)
    student = await directory.find_student(person.sub) or Student(person.name or "Student", person.email)
    text = next((text for paper, text in papers if paper.kind == "offer_letter"), None)
    letter = await find_in_letter(text, body.to_application(), student.name)
    async with unit_of_work(database, now) as work:
        connection = work.connection
        if not await connection.fetchval(sql.claim_submission, person.sub, key, digest, now):
            answer = await _answered(connection, person, key, digest)
            assert answer is not None
            return answer
        await lock_students(connection, [person.sub])
        await require_room_for_request(connection, person.sub, quotas)
        if await draft_documents(connection, person.sub, key) != papers:
            raise Refused("stale_version", "A file came in at this very moment. Please send the request once more.")
        changed = await _changed(connection, changes, person, now) if changes else None
        came = _Papers(papers, letter)
        request = await _new_request(work, person, student, body, changed, came)
        await connection.execute(sql.take_draft_documents, person.sub, key)
        answer = (await show_request(connection, request, now)).model_dump(mode="json")
        await connection.execute(sql.answer_submission, person.sub, key, request.request_id, answer)
    return answer


async def _answered(connection: Connection, person: Person, key: str, digest: str) -> dict[str, Any] | None:
    row = await connection.fetchrow(sql.find_submission, person.sub, key)
    if row is not None and row["body_sha256"] != digest:
        raise KeyUsedBefore
    return row["answer"] if row else None


async def _changed(connection: Connection, request_id: str, person: Person, now: datetime) -> Changed:
    """Under the student's lock, so that of two changes at once only one is let in. Raises `NoSuchRequest`, `Refused`."""
    earlier = await lock_own(connection, request_id, person)
    require_changeable(earlier, await changers_of(connection, earlier), eastern_date(now))
    await add_history(connection, request_id, now, "change_asked_for", "student")
    return Changed(earlier.request_id, earlier.reference)


async def _new_request(
    work: UnitOfWork,
    person: Person,
    student: Student,
    body: ApplicationBody,
    changed: Changed | None,
    came: _Papers,
) -> Request:
    connection, now = work.connection, work.now
    request = Request(
        request_id=str(uuid7()),
        reference=f"CPT-{eastern_date(now).year}-{await connection.fetchval(sql.next_reference):06}",
        emplid=person.sub,
        student=student,
        application=body.to_application(),
        submitted_at=now,
        changes=changed,
        version=1,
        letter=came.letter,
    )
    await insert_request(connection, request)
    await add_history(connection, request.request_id, now, "submitted", "student")
    detail = {"changes": changed.request_id} if changed else {}
    await work.audit(person.sub, "request_submitted", request.request_id, **detail)
    for paper, text in came.papers:
        await add_document(connection, request.request_id, paper, text)
        await add_history(connection, request.request_id, now, "document_received", "student", kind=paper.kind)
    saved = await reevaluate_request(work, request, request, "facts")
    return await publish_unreadable(connection, saved, now)
