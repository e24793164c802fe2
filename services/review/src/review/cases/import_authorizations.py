"""On the first day: authorizations from before this system become issued cases that are watched like any other.

They stand in no line, nobody is told that they were approved, and intake knows no request of theirs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cpt.campus.calendar import AcademicCalendar
from cpt.campus.clock import eastern_date
from cpt.contracts.review import I20Issued
from cpt.contracts.staff import AuthorizationImported
from cpt.contracts.values import Person
from cpt.messaging import append
from cpt.postgres import Connection
from review.cases.import_row import Frame, ImportRow
from review.cases.imported_case import VERSION, completion_of, i20_of, request_id_of
from review.cases.read_import import Faulty, read_import
from review.search.save_summary import summarize_completed
from review.store import Cause, calendar_in_force, find_case, lock_line, sql, write_audit


@dataclass(frozen=True, slots=True)
class Imported:
    """Ids of the cases: new ones, and those that an earlier import has made."""

    added: Sequence[str]
    known: Sequence[str]


async def import_authorizations(
    connection: Connection, content: bytes, actor: str, now: datetime, *, dry_run: bool = False
) -> Imported:
    """All rows or none; a row whose key was imported before adds nothing. Raises `Faulty`."""
    calendar = await calendar_in_force(connection)
    rows = read_import(content, Frame(eastern_date(now), calendar))
    await lock_line(connection)  # so that two imports follow one another (P10)
    known = [row for row in rows if await find_case(connection, request_id_of(row)) is not None]
    if changed := [row.key for row in known if not await _is_as_before(connection, row, calendar)]:
        raise Faulty([f"key {key}: imported before with other content; change it on its case page" for key in changed])
    new = [row for row in rows if row not in known]
    for row in () if dry_run else new:
        await _add(connection, row, calendar, Cause("import", actor, now))
    return Imported([request_id_of(row) for row in new], [request_id_of(row) for row in known])


async def _add(connection: Connection, row: ImportRow, calendar: AcademicCalendar, cause: Cause) -> None:
    issued, row_id = i20_of(row, calendar), request_id_of(row)
    no_number = no_due_date = None
    version = await connection.fetchval(
        sql.open_case, row_id, "issued", 0, no_number, completion_of(row), issued.facts.facts_version, 0, no_due_date
    )
    await summarize_completed(connection, completion_of(row))
    if row.adviser:
        holder = Person(sub=row.adviser, name=None, email=row.adviser_email or None)
        version = await connection.fetchval(sql.change_holder, row_id, holder)
    await connection.execute(sql.add_authorization, row_id, VERSION, issued, issued.document.sha256, None)
    told = {name: getattr(issued, name) for name in AuthorizationImported.model_fields if name != "at"}
    await append(connection, AuthorizationImported(**told, at=cause.at), sequence=version, now=cause.at)
    await write_audit(connection, cause, "authorization_imported", row_id, key=row.key)


async def _is_as_before(connection: Connection, row: ImportRow, calendar: AcademicCalendar) -> bool:
    """Whether the office's list still says what it said; who holds the case, and later changes, are no matter."""
    stored = await connection.fetch(sql.authorizations_of, request_id_of(row))
    return bool(stored) and I20Issued.model_validate(stored[0]["issued"]) == i20_of(row, calendar)
