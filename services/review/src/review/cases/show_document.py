"""One document of a request for the adviser: the same bytes that were accepted, and the reading logged (FERPA)."""

import hashlib
from datetime import datetime

from cpt.contracts.values import DocumentRef, Person
from cpt.postgres import Connection
from review.cases.ownership import find_completed
from review.documents import Documents
from review.store import Cause, write_audit


class NoSuchDocument(Exception):
    """The case names no document of this number, or the store has lost it."""


class AlteredDocument(Exception):
    """The bytes are not those that were accepted."""


async def find_document(
    connection: Connection, request_id: str, number: int, reader: Person, now: datetime
) -> DocumentRef:
    """`number` from 1, in the order of the case view. Raises `NoSuchCase`, `NoSuchDocument`."""
    case = await find_completed(connection, request_id)
    if not 1 <= number <= len(case.completed.documents):
        raise NoSuchDocument
    document = case.completed.documents[number - 1]
    await write_audit(connection, Cause("read", reader.sub, now), "document_read", request_id, sha256=document.sha256)
    return document


async def read_document(documents: Documents, document: DocumentRef) -> bytes:
    """Checked before the first byte leaves. Raises `NoSuchDocument`, `AlteredDocument`."""
    content = await documents.read(document.object_key)
    if content is None:
        raise NoSuchDocument
    if hashlib.sha256(content).hexdigest() != document.sha256:
        raise AlteredDocument
    return content


def file_name(number: int, document: DocumentRef) -> str:
    """Never the student's own file name: it could name a path."""
    ending = document.media_type.rpartition("/")[2]
    return f"{number:02}-" + "-".join(part for part in (document.kind, document.strm) if part) + f".{ending}"
