"""What the student reads without anything changing: a later start, a notice sent or not sent (R49, case 62)."""

from datetime import datetime

from cpt.campus.clock import in_words
from cpt.contracts.notifier import NoticeFailed, NoticeSent
from cpt.contracts.review import StartPushedBack
from cpt.postgres import Connection
from intake.store import add_history, find_request, write_audit

_KINDS = {
    "acknowledgement": "that your request is complete",
    "delay": "about what is missing",
    "cleared": "that your request is complete again",
    "pushed_back": "about a later start date",
    "returned": "about the return of your request",
    "denied": "about the denial",
    "approved": "about your CPT I-20",
    "replaced": "about your new CPT I-20",
    "due_moved": "about a new due date",
    "message": "with a message from the office",
    "contact": "asking you to get in touch",
    "changed": "about a change of your authorization",
    "please_read": "with a warning to read",
}


async def note_pushed_back_start(connection: Connection, event: StartPushedBack, now: datetime) -> None:
    if await find_request(connection, event.request_id) is None:
        return
    start, asked = in_words(event.authorized_start), in_words(event.requested_start)
    what = f"The start was moved from {asked} to {start}: {event.reason}"
    await add_history(connection, event.request_id, event.at, what, "office")
    await write_audit(connection, now, "review", "start_pushed_back", event.request_id, round=event.round)


async def note_notice(connection: Connection, event: NoticeSent | NoticeFailed, _: datetime) -> None:
    """A notice about an alert, or to staff, is not about a request of a student."""
    about = _KINDS.get(event.kind)
    if about is None or await find_request(connection, event.subject_id) is None:
        return
    sent = isinstance(event, NoticeSent)
    what = f"We sent you an email {about}" if sent else f"We could not send you an email {about}; this page stays true"
    await add_history(connection, event.subject_id, event.at, what, "system")
