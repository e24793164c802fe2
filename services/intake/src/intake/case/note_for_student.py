"""What the student reads without anything changing: a later start, a notice sent or not sent (R49, case 62)."""

from datetime import datetime

from cpt.contracts.notifier import NoticeFailed, NoticeSent
from cpt.contracts.review import StartPushedBack
from cpt.postgres import Connection
from intake.domain.history import MAILS, Code
from intake.store import add_history, find_request, write_audit


async def note_pushed_back_start(connection: Connection, event: StartPushedBack, now: datetime) -> None:
    if await find_request(connection, event.request_id) is None:
        return
    days = {"asked": event.requested_start.isoformat(), "start": event.authorized_start.isoformat()}
    await add_history(connection, event.request_id, event.at, "start_moved", "office", **days, reason=event.reason)
    await write_audit(connection, now, "review", "start_pushed_back", event.request_id, round=event.round)


async def note_notice(connection: Connection, event: NoticeSent | NoticeFailed, _: datetime) -> None:
    """A notice about an alert, or to staff, is not about a request of a student."""
    if event.kind not in MAILS or await find_request(connection, event.subject_id) is None:
        return
    code: Code = "mail_sent" if isinstance(event, NoticeSent) else "mail_failed"
    await add_history(connection, event.subject_id, event.at, code, "system", kind=event.kind)
