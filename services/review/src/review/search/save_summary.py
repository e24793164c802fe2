"""How a request stands, kept so that it can be found: as intake tells it, and as a completion says it."""

from datetime import datetime

from cpt.contracts.intake import RequestCompleted, RequestStatusChanged
from cpt.contracts.notifier import NoticeFailed, NoticeSent
from cpt.postgres import Connection
from review.search.store import sql
from review.store import Cause


async def follow_status(connection: Connection, event: RequestStatusChanged, cause: Cause) -> None:  # noqa: ARG001 one form for all
    """A request that is not complete, or not any more; events of one request come in their order."""
    missing = [item.model_dump(mode="json") for item in event.missing]
    await connection.execute(
        sql.put_summary,
        event.request_id,
        event.reference,
        event.emplid,
        event.student_name,
        event.employer or "",
        None,
        event.status,
        missing,
        event.at,
    )


async def summarize_completed(connection: Connection, done: RequestCompleted) -> None:
    """A number of 0 stands for none: an authorization from before this system has none."""
    await connection.execute(
        sql.put_summary,
        done.request_id,
        done.reference,
        done.facts.emplid,
        done.recipient.name,
        done.form.employer,
        done.receipt_number or None,
        "complete",
        [],
        done.received_at,
    )


async def keep_notice(connection: Connection, event: NoticeSent | NoticeFailed) -> None:
    sent = isinstance(event, NoticeSent)
    await connection.execute(sql.keep_notice, event.notice_id, event.subject_id, event.kind, sent, event.at)


async def purge_unfinished(connection: Connection, now: datetime, years: int) -> None:
    """What was never completed is nobody's record: it leaves when nothing happened to it for so long (case 70)."""
    await connection.execute(sql.purge_unfinished, now, years)
