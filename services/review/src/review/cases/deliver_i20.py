"""The signed I-20 reaches the student by the page; the download is the receipt, and is reminded of (A28)."""

import hashlib
from datetime import datetime, timedelta

from cpt.campus.clock import eastern_date
from cpt.contracts.intake import I20Fetched
from cpt.contracts.staff import I20FileAdded
from cpt.contracts.values import DocumentRef, Person
from cpt.messaging import append
from cpt.postgres import Connection, Database
from review.authorizations import Authorization, latest_authorization
from review.cases.ownership import lock_assigned_case
from review.domain import Fault, Refused, Unfit
from review.store import Cause, sql, write_audit
from review.tasks.finish_task import finish_tasks_of_code
from review.tasks.open_task import open_task

LIMIT = 10 * 1024**2
UNFETCHED = "i20_not_fetched"


def key_of(request_id: str, sha256: str) -> str:
    """Where the file lies; the same file has the same place."""
    return f"documents/i20-{hashlib.sha256(f'{request_id} {sha256}'.encode()).hexdigest()}"


async def require_recorded(connection: Connection, request_id: str, dso: Person, sha256: str) -> Authorization:
    """The authorization whose I-20 this file is. Raises `NoSuchCase`, `Refused` (wrong_state, not_yours), `Unfit`."""
    await lock_assigned_case(connection, request_id, dso, {"issued"})
    standing = await latest_authorization(connection, request_id)
    if standing is None:
        raise Refused("wrong_state", "Nothing was issued for this case.")
    if standing.document_sha256 != sha256:
        message = "This is another file than the I-20 that was recorded: its SHA-256 differs."
        raise Unfit(Fault("file", "another_file", message))
    return standing


async def add_i20_file(connection: Connection, request_id: str, dso: Person, file: DocumentRef, now: datetime) -> None:
    """The file is stored already. Told once; the same file again changes nothing. Raises like `require_recorded`."""
    standing = await require_recorded(connection, request_id, dso, file.sha256)
    cause = Cause("add_i20_file", dso.sub, now)
    if not await connection.fetchval(sql.put_i20_file, request_id, standing.version, file, dso.sub, now):
        return
    await _tell(connection, standing, file, now, reminder=False)
    await write_audit(connection, cause, "i20_file_added", request_id, authorization_version=standing.version)


async def note_fetched(connection: Connection, event: I20Fetched, cause: Cause) -> None:
    version = event.authorization_version
    if await connection.fetchval(sql.fetch_i20_file, event.request_id, version, event.at):
        await finish_tasks_of_code(connection, event.request_id, UNFETCHED, cause, "student")
        await write_audit(connection, cause, "i20_fetched", event.request_id, authorization_version=version)


async def remind_unfetched(database: Database, now: datetime, patience: timedelta, *, task_days: int) -> int:
    """One step of the loop: a task and a mail to the student, once for each file; returns how many."""
    async with database.transaction() as connection:
        rows = await connection.fetch(sql.lock_unfetched, now - patience)
        for row in rows:
            await connection.execute(sql.mark_reminded, row["request_id"], row["version"], now)
            standing = await latest_authorization(connection, row["request_id"])
            assert standing is not None, "a file belongs to an authorization"
            if standing.end is None or standing.end < eastern_date(now):
                continue  # no day is left to work on
            days = (now - row["added_at"]).days
            detail = f"The student has not downloaded the signed I-20 for {days} days; without it no work may begin."
            cause = Cause("remind_unfetched", None, now)
            await open_task(connection, row["request_id"], UNFETCHED, detail, cause, days=task_days)
            await _tell(connection, standing, DocumentRef.model_validate(row["file"]), now, reminder=True)
    return len(rows)


async def _tell(
    connection: Connection, standing: Authorization, file: DocumentRef, now: datetime, *, reminder: bool
) -> None:
    issued = standing.issued
    version = await connection.fetchval(sql.touch_case, issued.request_id)
    event = I20FileAdded(
        **standing.about,
        file=file,
        at=now,
        reminder=reminder,
    )
    await append(connection, event, sequence=version, now=now)
