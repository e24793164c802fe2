"""Notices in PostgreSQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cpt.contracts.notifier import NoticeKind
from cpt.contracts.staff import OfficeTextChanged
from cpt.postgres import Connection, Queries
from cpt.tracing import carried
from notifier.domain import LEASE_RAN_OUT, AttemptResult, NoticeState, ServerReply

sql = Queries("notifier")

SYSTEM = "notifier"


@dataclass(frozen=True, slots=True)
class Reservation:
    """`recipient` is empty where no usable address is known; `request_ids` and `emplid` are absent where the event names
    none.
    """

    notice_id: str
    kind: NoticeKind
    subject_id: str
    event_source: str
    event_id: str
    authorization_version: int | None
    recipient: str
    copies: Sequence[str]
    message_id: str
    message: bytes
    request_ids: Sequence[str] | None
    emplid: str | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A notice that this process may send until its lease ends; `attempts` counts the one that begins."""

    notice_id: str
    kind: NoticeKind
    subject_id: str
    event_id: str
    recipient: str
    copies: Sequence[str]
    message_id: str
    message: bytes
    lease_token: UUID
    attempts: int
    unknown_outcomes: int
    first_tried_at: datetime
    reserved_at: datetime
    traceparent: str | None


async def reserve(
    connection: Connection, notice: Reservation, now: datetime, *, failed: str | None = None
) -> int | None:
    """The version of the new row, or None when the notice was reserved before; `failed` says why it never leaves."""
    version: int | None = await connection.fetchval(
        sql.reserve_notice,
        notice.notice_id,
        notice.kind,
        notice.subject_id,
        notice.event_source,
        notice.event_id,
        notice.authorization_version,
        notice.recipient,
        notice.copies,
        notice.message_id,
        notice.message,
        now,
        "failed" if failed else "due",
        failed,
        carried(),
        notice.request_ids,
        notice.emplid,
    )
    if version is not None:
        await audit(connection, "notice_failed" if failed else "notice_reserved", notice.notice_id, now)
    return version


async def give_up_leases(connection: Connection, now: datetime) -> int:
    """How many attempts ended with nobody left to record them (P37)."""
    rows = await connection.fetch(sql.give_up_leases, now, LEASE_RAN_OUT)
    for row in rows:
        await audit(connection, "notice_outcome_unknown", row["id"], now, {"answer": LEASE_RAN_OUT})
    return len(rows)


async def claim(connection: Connection, now: datetime, lease: timedelta, limit: int) -> list[Claimed]:
    rows = await connection.fetch(sql.claim_notices, now, lease, limit)
    return [
        Claimed(
            notice_id=row["id"],
            kind=row["kind"],
            subject_id=row["subject_id"],
            event_id=row["event_id"],
            recipient=row["recipient"],
            copies=row["copies"],
            message_id=row["message_id"],
            message=row["message"],
            lease_token=row["lease_token"],
            attempts=row["attempts"],
            unknown_outcomes=row["unknown_outcomes"],
            first_tried_at=row["first_tried_at"],
            reserved_at=row["reserved_at"],
            traceparent=row["traceparent"],
        )
        for row in sorted(rows, key=lambda row: row["seq"])
    ]


async def record(
    connection: Connection, notice: Claimed, reply: ServerReply, result: AttemptResult, now: datetime
) -> int | None:
    """The raised version, or None when the lease was lost: then somebody else speaks for the notice."""
    version: int | None = await connection.fetchval(
        sql.record_outcome,
        notice.notice_id,
        notice.lease_token,
        result.state,
        result.due_at,
        result.words,
        int(reply.outcome == "unknown"),
        now,
    )
    if version is not None:
        detail = {"attempt": notice.attempts, "outcome": reply.outcome, "answer": result.words}
        await audit(connection, _ACTIONS[result.state], notice.notice_id, now, detail)
    return version


_ACTIONS: Mapping[NoticeState, str] = {"due": "notice_delayed", "sent": "notice_sent", "failed": "notice_failed"}


async def notices(
    connection: Connection, subject_id: str | None, state: NoticeState | None, limit: int | None, reader: str
) -> list[dict[str, Any]]:
    """Newest first; none about the reader's own request (A31)."""
    return [dict(row) for row in await connection.fetch(sql.list_notices, subject_id, state, limit, reader)]


async def is_own(connection: Connection, notice_id: str, person: str) -> bool:
    """Whether it is about a request of this very person (A31)."""
    found: bool = await connection.fetchval(sql.is_own, notice_id, person)
    return found


async def is_about(connection: Connection, subject: str, person: str) -> bool:
    """Whether a notice that names this person is about the request, alert or task (A31)."""
    found: bool = await connection.fetchval(sql.is_about, subject, person)
    return found


async def message(connection: Connection, notice_id: str) -> tuple[str, bytes] | None:
    """Kind and bytes of the mail."""
    row = await connection.fetchrow(sql.show_message, notice_id)
    return (row["kind"], row["message"]) if row else None


async def bounce(connection: Connection, notice_id: str, words: str, now: datetime) -> dict[str, Any] | None:
    """What is told of the notice, or None when it was not sent."""
    row = await connection.fetchrow(sql.record_bounce, notice_id, words, now)
    return dict(row) if row else None


async def standing(connection: Connection, notice_id: str) -> dict[str, Any] | None:
    """`state`, `last_answer`, `bounced`."""
    row = await connection.fetchrow(sql.standing_of, notice_id)
    return dict(row) if row else None


async def counts(connection: Connection) -> dict[str, dict[str, Any]]:
    """By state: how many notices, and since when the oldest is there."""
    return {row["state"]: dict(row) for row in await connection.fetch(sql.count_notices)}


async def audit(
    connection: Connection,
    action: str,
    subject: str,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
    actor: str = SYSTEM,
) -> None:
    await connection.execute(sql.append_to_audit, now, actor, action, subject, dict(detail or {}))


async def put_office_text(connection: Connection, event: OfficeTextChanged) -> None:
    """For mails that are written from now on; those that wait keep their words."""
    await connection.execute(sql.put_office_text, event.about, event.version, event.text)


async def office_texts(connection: Connection, *names: str) -> dict[str, str]:
    """Those of these names that the office has written."""
    return {row["name"]: row["text"] for row in await connection.fetch(sql.office_texts, names)}
