"""A paper comes in: it counts once it is kept, clean and readable (case 35), and a letter is compared at once."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from cpt.postgres import Database
from cpt.web.person import Person
from intake.documents.accept_upload import Uploads
from intake.documents.media_types import ACCEPTED, PDF
from intake.documents.refusals import DocumentsUnavailableError
from intake.domain.application import Application
from intake.domain.lifecycle import require_open_to_student
from intake.domain.request import Request
from intake.domain.returns import answer_returns, names_of_document
from intake.domain.terms import proof_term
from intake.letter import LetterText
from intake.line.reevaluate_request import reevaluate_request
from intake.line.unit_of_work import UnitOfWork, unit_of_work
from intake.store import (
    StoredDocument,
    add_document,
    add_draft_document,
    add_history,
    calendar_in_force,
    current_documents,
    write_audit,
)
from intake.student.check_letter import find_in_letter
from intake.student.correct_request import ATTEMPTS, stale
from intake.student.own_request import find_own, lock_own
from intake.student.quotas import STANDARD, Quotas, require_room_for_upload
from intake.student.save_draft import save_draft


@dataclass(frozen=True, slots=True)
class Upload:
    """`name` is the file's name as it came, maybe with a path; `strm` is for enrollment proofs."""

    kind: str
    strm: str | None
    name: str
    chunks: AsyncIterator[bytes]


async def receive_document(
    database: Database,
    uploads: Uploads,
    request_id: str,
    person: Person,
    upload: Upload,
    now: datetime,
    quotas: Quotas = STANDARD,
) -> None:
    """Raises `QuotaReached`, `NoSuchRequest`, `Refused`, `NoSuchTerm`, and what `Uploads.accept` raises."""
    async with database.connection() as connection:
        seen = await find_own(connection, request_id, person)
        require_open_to_student(seen.phase, seen.shown)
        await require_room_for_upload(connection, person.sub, quotas, now)
        calendar = await calendar_in_force(connection)
    strm = proof_term(upload.strm, seen.application, calendar) if upload.kind == "enrollment_proof" else None

    async def keep(document: StoredDocument, text: LetterText) -> bool:
        return await _keep(database, seen, document, text, person)

    await _accept(uploads, person, replace(upload, strm=strm), keep, now)


async def receive_draft_document(
    database: Database,
    uploads: Uploads,
    application: Application,
    person: Person,
    upload: Upload,
    now: datetime,
    quotas: Quotas = STANDARD,
) -> None:
    """A paper of a form that is not sent yet; `application` is the form so far. Raises `QuotaReached`, `NoSuchTerm`, and what
    `Uploads.accept` raises.
    """
    async with database.connection() as connection:
        await require_room_for_upload(connection, person.sub, quotas, now)
        calendar = await calendar_in_force(connection)
    strm = proof_term(upload.strm, application, calendar) if upload.kind == "enrollment_proof" else None

    async def keep(document: StoredDocument, text: LetterText) -> bool:
        async with database.transaction() as connection:
            draft = await save_draft(connection, person.sub, (), {}, now, quotas)
            letter = text if document.kind == "offer_letter" else None
            await add_draft_document(connection, person.sub, draft.key, document, letter)
            about = {"kind": document.kind, "strm": document.strm, "sha256": document.sha256}
            await write_audit(connection, now, person.sub, "draft_document_received", "draft", **about)
        return True

    await _accept(uploads, person, replace(upload, strm=strm), keep, now)


async def _accept(
    uploads: Uploads,
    person: Person,
    upload: Upload,
    keep: Callable[[StoredDocument, LetterText], Awaitable[bool]],
    now: datetime,
) -> None:
    """What `keep` refuses leaves no object behind."""
    received = await uploads.accept(upload.chunks, ACCEPTED[upload.kind], person.sub)
    document = StoredDocument(
        kind=upload.kind,
        strm=upload.strm,
        object_key=received.key,
        sha256=received.sha256,
        size=received.size,
        media_type=received.media_type,
        name=_shown_name(upload.name) or upload.kind,
        scan=received.scan,
        received_at=now,
    )
    kept = False
    try:
        kept = await keep(document, received.text)
    finally:
        if not kept:
            await uploads.store.remove(received.key)
    if kept and received.media_type == PDF:
        with suppress(DocumentsUnavailableError):  # only a convenience for those who look at it
            await uploads.draw(received.key, person.sub)


def _shown_name(name: str) -> str:
    """The last part of a path, without anything that could not stand on a page."""
    return "".join(filter(str.isprintable, name.replace("\\", "/").rpartition("/")[2])).strip()[:200]


async def _keep(database: Database, seen: Request, document: StoredDocument, text: LetterText, person: Person) -> bool:
    """False for the very file that counts already: that is no change."""
    for _ in range(ATTEMPTS):
        compared = seen.application
        after = await _with_letter(seen, text) if document.kind == "offer_letter" else None
        async with unit_of_work(database, document.received_at) as work:
            seen = await lock_own(work.connection, seen.request_id, person)
            require_open_to_student(seen.phase, seen.shown)
            if any(_same(one, document) for one in await current_documents(work.connection, seen.request_id)):
                return False
            if after is None:
                await _record(work, seen, seen, document, None)
                return True
            if seen.application == compared:
                after = replace(seen, letter=after.letter, disputes=after.disputes)
                await _record(work, seen, after, document, text)
                return True
    raise stale()


async def _with_letter(request: Request, text: LetterText) -> Request:
    """A dispute was about the letter that was there; a new one is compared afresh."""
    disputes = dict(request.disputes)
    disputes.pop("letter", None)
    letter = await find_in_letter(text, request.application, request.student.name)
    return replace(request, letter=letter, disputes=disputes)


async def _record(
    work: UnitOfWork, before: Request, after: Request, document: StoredDocument, text: LetterText | None
) -> None:
    about = {"kind": document.kind, "strm": document.strm, "sha256": document.sha256}
    await add_document(work.connection, before.request_id, document, text)
    await add_history(work.connection, before.request_id, work.now, "document_received", "student", kind=document.kind)
    await work.audit(before.emplid, "document_received", before.request_id, **about)
    answered = answer_returns(after, set(names_of_document(document.kind, document.strm)))
    await reevaluate_request(work, before, answered, "facts", gives_up=True)


def _same(one: StoredDocument, other: StoredDocument) -> bool:
    return (one.kind, one.strm, one.sha256) == (other.kind, other.strm, other.sha256)
