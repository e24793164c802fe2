"""The student downloads the signed I-20; the first download of each version is the receipt (A28)."""

import hashlib
from dataclasses import replace
from datetime import datetime

from cpt.contracts.intake import I20Fetched
from cpt.messaging import append
from cpt.postgres import Database
from cpt.web.person import Person
from intake.documents.document_store import DocumentStore
from intake.domain.values import I20File
from intake.store import NoSuchRequest, add_history, save_request, write_audit
from intake.student.own_request import find_own, lock_own


class I20Damaged(Exception):
    """What the store holds is not what the office uploaded."""


async def fetch_i20(database: Database, store: DocumentStore, request_id: str, person: Person, now: datetime) -> bytes:
    """Raises `NoSuchRequest` while there is none for the authorization in force, `I20Damaged`, FileNotFoundError."""
    async with database.connection() as connection:
        file = (await find_own(connection, request_id, person)).i20_in_force
    if file is None:
        raise NoSuchRequest(request_id)
    content = await store.read(file.object_key)
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise I20Damaged(request_id)
    await _receipt(database, request_id, person, file, now)
    return content


async def _receipt(database: Database, request_id: str, person: Person, file: I20File, now: datetime) -> None:
    async with database.transaction() as connection:
        request = await lock_own(connection, request_id, person)
        await write_audit(connection, now, person.sub, "i20_fetched", request_id, version=file.authorization_version)
        if request.i20_file != file or file.fetched_at:
            return
        saved = await save_request(connection, replace(request, i20_file=replace(file, fetched_at=now)))
        await add_history(connection, request_id, now, "i20_fetched", "student")
        version = file.authorization_version
        event = I20Fetched(request_id=request_id, round=saved.round, authorization_version=version, at=now)
        await append(connection, event, sequence=saved.version, now=now)
