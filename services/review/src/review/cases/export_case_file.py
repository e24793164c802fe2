"""The full case file as one archive: for a DHS request there are three working days (8 CFR 214.3(g))."""

import hashlib
import io
import json
import zipfile
from datetime import datetime
from typing import Any

from pydantic_core import to_jsonable_python

from cpt.contracts.values import Person
from cpt.postgres import Connection, Database
from review.cases.case_file_page import case_file_page
from review.cases.ownership import find_completed
from review.cases.show_case import view_of
from review.cases.show_document import file_name
from review.documents import Documents
from review.store import Cause, calendar_in_force, find_check, sql, write_audit
from review.tasks.greet import names_of
from review.tasks.store import sql as tasks_sql

PARTS = {
    "evaluations": sql.answers_of,
    "decisions": sql.decisions_of,
    "authorizations": sql.authorizations_of,
    "authorization_changes": sql.authorization_changes_of,
    "sevis_records": sql.sevis_records_of,
    "i20_files": sql.i20_files_of,
    "course_confirmations": sql.course_confirmations_of,
    "alerts": sql.alerts_of,
    "tasks": tasks_sql.tasks_of,
    "line_log": sql.line_log_of,
    "audit": sql.audit_of,
}
"""Entry of the archive, and the query that fills it."""


async def gather_case_file(connection: Connection, request_id: str, reader: Person, now: datetime) -> dict[str, Any]:
    """Everything the database knows of a case; the export itself is logged. Raises `NoSuchCase`."""
    case = await find_completed(connection, request_id)
    await write_audit(connection, Cause("export", reader.sub, now), "case_exported", request_id)
    found = await find_check(connection, request_id)
    facts: dict[str, Any] = {
        "case": await view_of(connection, case, await calendar_in_force(connection), now),
        "completion": case.completion,
        "enrollment_check": found[1] if found else None,
    }
    for part, query in PARTS.items():
        facts[part] = [dict(row) for row in await connection.fetch(query, request_id)]
    people = {row["actor"] for row in facts["audit"]} | {row["drawn_up_by"] for row in facts["sevis_records"]}
    facts["names"] = await names_of(connection, people)
    return facts


async def pack_case_file(facts: dict[str, Any], documents: Documents, exported_by: str, now: datetime) -> bytes:
    """A zip of a page to read, one JSON file for each kind of fact, the documents, and a manifest with every hash."""
    entries = {f"{name}.json": _json(value) for name, value in facts.items()}
    files, gone, altered = {}, [], []
    for number, document in enumerate(facts["completion"].documents, 1):
        content = await documents.read(document.object_key)
        if content is None:
            gone.append(document.object_key)
            continue
        if hashlib.sha256(content).hexdigest() != document.sha256:
            altered.append(document.object_key)
        files[f"documents/{file_name(number, document)}"] = content
    entries |= files
    entries["index.html"] = case_file_page(to_jsonable_python(facts), sorted(files), exported_by, now).encode()
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in entries.items()}
    manifest = {"exported_at": now, "exported_by": exported_by, "sha256": hashes}
    manifest |= {"documents_gone": gone, "documents_altered": altered}
    return _zip(entries | {"manifest.json": _json(manifest)}, now)


async def export_case_file(
    database: Database, documents: Documents, request_id: str, reader: Person, now: datetime
) -> bytes:
    """The one way to the archive, from the API and from the command line. Raises `NoSuchCase`."""
    async with database.transaction() as connection:
        found = await gather_case_file(connection, request_id, reader, now)
    return await pack_case_file(found, documents, reader.sub, now)


def _json(value: Any) -> bytes:
    return json.dumps(to_jsonable_python(value), indent=2, ensure_ascii=False).encode()


def _zip(entries: dict[str, bytes], now: datetime) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for name, content in sorted(entries.items()):
            entry = zipfile.ZipInfo(name, now.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(entry, content)
    return archive.getvalue()
