"""The documents of a case, by their place in the completed request; opening one is logged (FERPA 99.32)."""

from datetime import datetime
from typing import Any

from cpt.contracts.values import DocumentRef, Person
from cpt.postgres import Connection
from review.cases.holding import NoSuchCase
from review.store import Cause, find_case, write_audit


async def find_document(
    connection: Connection, request_id: str, index: int, reader: Person, now: datetime
) -> DocumentRef | None:
    """`index` counts from one; None for a document that the case does not have. Raises `NoSuchCase`."""
    case = await find_case(connection, request_id)
    if case is None or case.completion is None:
        raise NoSuchCase(request_id)
    documents = case.completed.documents
    if index > len(documents):
        return None
    document = documents[index - 1]
    await write_audit(connection, Cause("open", reader.sub, now), "case_read", request_id, document=document.kind)
    return document


async def list_documents(connection: Connection, request_id: str) -> list[dict[str, Any]]:
    """What came with the completed request; `pages` are the page images that there may be (of a letter as PDF)."""
    case = await find_case(connection, request_id)
    if case is None or case.completion is None:
        raise NoSuchCase(request_id)
    return [_view(index, document) for index, document in enumerate(case.completion.documents, 1)]


def _view(index: int, document: DocumentRef) -> dict[str, Any]:
    return {"index": index, **document.model_dump(include={"kind", "strm", "size", "media_type", "name"}), "pages": ()}
