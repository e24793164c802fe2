"""The full case file as one archive: for a DHS request there are three working days (8 CFR 214.3(g))."""

import hashlib
import io
import json
import zipfile
from datetime import datetime
from typing import Any

from pydantic_core import to_jsonable_python

from cpt.contracts.values import DocumentRef, Person
from cpt.postgres import Connection
from review.cases.holding import NoSuchCase
from review.cases.show_case import view_of
from review.documents import Documents
from review.store import Cause, find_case, find_check, sql, write_audit


async def gather_case_file(connection: Connection, request_id: str, reader: Person, now: datetime) -> dict[str, Any]:
    """Everything the database knows of a case; the export itself is logged. Raises `NoSuchCase`."""
    case = await find_case(connection, request_id)
    if case is None or case.completion is None:
        raise NoSuchCase(request_id)
    await write_audit(connection, Cause("export", reader.sub, now), "case_exported", request_id)
    found = await find_check(connection, request_id)
    return {
        "case": await view_of(connection, case),
        "completion": case.completion,
        "enrollment_check": found[1] if found else None,
        "authorizations": await _rows(connection, sql.authorizations_of, request_id),
        "alerts": await _rows(connection, sql.alerts_of, request_id),
        "line_log": await _rows(connection, sql.line_log_of, request_id),
        "audit": await _rows(connection, sql.audit_of, request_id),
    }


async def pack_case_file(facts: dict[str, Any], documents: Documents, exported_by: str, now: datetime) -> bytes:
    """A zip of one JSON file for each kind of fact, the documents, and a manifest with the hash of every entry."""
    entries = {f"{name}.json": _json(value) for name, value in facts.items()}
    gone = []
    for number, document in enumerate(facts["completion"].documents, 1):
        content = await documents.read(document.object_key)
        if content is None:
            gone.append(document.object_key)
        else:
            entries[f"documents/{number:02}-{_file_name(document)}"] = content
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in entries.items()}
    manifest = {"exported_at": now, "exported_by": exported_by, "sha256": hashes, "documents_gone": gone}
    return _zip(entries | {"manifest.json": _json(manifest)})


async def _rows(connection: Connection, query: str, request_id: str) -> list[dict[str, Any]]:
    return [dict(row) for row in await connection.fetch(query, request_id)]


def _json(value: Any) -> bytes:
    return json.dumps(to_jsonable_python(value), indent=2, ensure_ascii=False).encode()


def _file_name(document: DocumentRef) -> str:
    """Never the student's own file name: it could name a path."""
    ending = document.media_type.rpartition("/")[2]
    return "-".join(part for part in (document.kind, document.strm) if part) + f".{ending}"


def _zip(entries: dict[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return archive.getvalue()
