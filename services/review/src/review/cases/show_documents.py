"""The documents of a case, by their place in the completed request; opening one is logged (FERPA 99.32)."""

from typing import Any

from cpt.contracts.values import DocumentRef
from cpt.postgres import Connection
from review.cases.ownership import find_completed


async def list_documents(connection: Connection, request_id: str) -> list[dict[str, Any]]:
    """What came with the completed request."""
    case = await find_completed(connection, request_id)
    return [_view(index, document) for index, document in enumerate(case.completed.documents, 1)]


def _view(index: int, document: DocumentRef) -> dict[str, Any]:
    return {
        "index": index,
        **document.model_dump(include={"kind", "strm", "size", "media_type", "object_key"}),
    }
