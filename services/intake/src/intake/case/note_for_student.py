"""What the student reads without anything changing: a later start, a notice sent or not sent (R49, case 62)."""

from cpt.contracts.notifier import NoticeFailed, NoticeSent
from cpt.contracts.review import StartPushedBack
from intake.domain.history import MAILS, Code
from intake.line.unit_of_work import UnitOfWork
from intake.store import add_history, find_request


async def note_pushed_back_start(work: UnitOfWork, event: StartPushedBack) -> None:
    if await find_request(work.connection, event.request_id) is None:
        return
    days = {"asked": event.requested_start.isoformat(), "start": event.authorized_start.isoformat()}
    await add_history(work.connection, event.request_id, event.at, "start_moved", "office", **days, reason=event.reason)
    await work.audit("review", "start_pushed_back", event.request_id, round=event.round)


async def note_notice(work: UnitOfWork, event: NoticeSent | NoticeFailed) -> None:
    """A notice about an alert, or to staff, is not about a request of a student."""
    if event.kind not in MAILS or await find_request(work.connection, event.subject_id) is None:
        return
    code: Code = "mail_sent" if isinstance(event, NoticeSent) else "mail_failed"
    await add_history(work.connection, event.subject_id, event.at, code, "system", kind=event.kind)
