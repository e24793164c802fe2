"""CaseDenied, CaseWithdrawn and the outcome of an alert end or shorten a watch (P16, P28)."""

from datetime import date, datetime

from cpt.campus.clock import eastern_date
from cpt.contracts.alerts import AlertClosed
from cpt.contracts.staff import AuthorizationChanged
from cpt.postgres import Connection, Database
from enrollment_sync.due import make_check_due
from enrollment_sync.store import (
    calendar_in_force,
    forget_if_unwatched,
    load_dossier,
    lock_students,
    save_watch,
    sql,
    students_of,
    write_audit,
)


async def end_watch(connection: Connection, request_id: str, because: str, now: datetime) -> None:
    """Also before anything else was heard of the request (P1); an issued one goes on."""
    emplid = await connection.fetchval(sql.end_watch, request_id, because)
    if emplid is not None:
        await write_audit(connection, now, "review", "watch_ended", request_id, because=because)
        await forget_if_unwatched(connection, emplid)


async def follow_outcome(connection: Connection, event: AlertClosed, now: datetime) -> None:
    """A canceled authorization is watched no longer; a shortened one to its new end."""
    for request_id in event.request_ids:
        await _follow(connection, request_id, canceled=event.canceled, until=event.authorized_until)
    await make_check_due(connection, await students_of(connection, event.request_ids), "alert_closed", now)


async def follow_authorization(connection: Connection, event: AuthorizationChanged, now: datetime) -> None:
    """The same outside of an alert."""
    await _follow(connection, event.request_id, canceled=event.canceled, until=event.authorized_until)
    await make_check_due(connection, await students_of(connection, [event.request_id]), "authorization_changed", now)


async def _follow(connection: Connection, request_id: str, *, canceled: bool, until: date | None) -> None:
    if canceled:
        emplid = await connection.fetchval(sql.end_issued_watch, request_id, "canceled")
        if emplid is not None:
            await forget_if_unwatched(connection, emplid)
    elif until is not None and not await _shorten(connection, request_id, until):
        await _follow(connection, request_id, canceled=True, until=None)


async def end_old_watches(database: Database, now: datetime) -> int:
    """Sixty days after their last term (P16); one step of the loop."""
    today = eastern_date(now)
    async with database.transaction() as connection:
        rows = await connection.fetch(sql.watches_over, today)
        await lock_students(connection, [row["emplid"] for row in rows])
        for row in rows:
            await connection.execute(sql.end_issued_watch, row["request_id"], "over")
            await forget_if_unwatched(connection, row["emplid"])
    return len(rows)


async def _shorten(connection: Connection, request_id: str, until: date) -> bool:
    """False when it would end before it begins: nothing is left to watch."""
    calendar = await calendar_in_force(connection)
    for emplid in await students_of(connection, [request_id]):
        dossier = await load_dossier(connection, emplid, calendar)
        for watch in dossier.issued if dossier else ():
            if watch.request_id == request_id and watch.issued is not None:
                watch.issued = watch.issued.until(until, calendar)
                if not watch.issued.segments:
                    return False
                await save_watch(connection, watch)
    return True
