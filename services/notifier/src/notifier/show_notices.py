"""Which notices there are, and what one of them says."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from typing import Any, Literal

from cpt.postgres import Connection
from notifier import store
from notifier.domain import NoticeState


class NoSuchNotice(Exception):
    """No notice has this id."""


class OwnCaseError(Exception):
    """The notice is about this person's own request (A31)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """None means all."""

    subject_id: str | None = None
    state: NoticeState | None = None
    limit: int | None = None


async def require_not_own(connection: Connection, notice_id: str, person: str) -> None:
    """Raises `OwnCaseError`."""
    if await store.is_own(connection, notice_id, person):
        raise OwnCaseError("A colleague has to do this.")


async def show_notices(connection: Connection, wanted: Wanted, reader: str) -> list[dict[str, Any]]:
    """Newest first, none about the reader's own request; `unknown_outcomes` are attempts of which nobody knows whether they arrived."""
    return await store.notices(connection, wanted.subject_id, wanted.state, wanted.limit, reader)


async def read_notice(connection: Connection, notice_id: str, reader: str, now: datetime) -> dict[str, str]:
    """The mail as the recipient has it; that it was read is logged. Raises `NoSuchNotice`, `OwnCaseError`."""
    await require_not_own(connection, notice_id, reader)
    found = await store.message(connection, notice_id)
    if found is None:
        raise NoSuchNotice
    await store.audit(connection, "notice_read", notice_id, now, actor=reader)
    kind, message = found
    mail = message_from_bytes(message, policy=policy.default)
    return {"kind": kind, "subject": mail["Subject"], "text": _part(mail, "plain"), "html": _part(mail, "html")}


async def show_status(connection: Connection, reader: str) -> dict[str, Any]:
    """How many notices are in each state, and each that has not left."""
    return {
        "counts": await store.counts(connection),
        "unfinished": await store.notices(connection, None, "due", None, reader)
        + await store.notices(connection, None, "sending", None, reader),
        "failed": await store.notices(connection, None, "failed", 100, reader),
    }


def _part(mail: Any, kind: Literal["plain", "html"]) -> str:
    return str(mail.get_body((kind,)).get_content()).replace("\r\n", "\n")
