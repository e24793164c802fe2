"""A mail that a server had accepted came back: the notice failed after all, and staff use another channel (case 62)."""

from datetime import datetime

from cpt.contracts.notifier import NoticeFailed
from cpt.messaging import append
from cpt.postgres import Connection
from notifier import store
from notifier.domain import cleaned, without_addresses
from notifier.show_notices import NoSuchNotice, require_not_own


class NothingCameBackError(Exception):
    """Only a mail that has left can come back; the words say where the notice stands."""


async def record_bounce(connection: Connection, notice_id: str, person: str, reason: str, now: datetime) -> None:
    """A second bounce changes nothing. Raises `NoSuchNotice`, `NothingCameBackError`, `OwnCaseError`."""
    await require_not_own(connection, notice_id, person)
    reason = without_addresses(cleaned(reason))
    words = f"It came back: {reason}"
    row = await store.bounce(connection, notice_id, words, now)
    if row is None:
        return await _check_it_came_back_before(connection, notice_id)
    await store.audit(connection, "notice_bounced", notice_id, now, {"reason": reason}, actor=person)
    told = NoticeFailed(
        notice_id=notice_id,
        subject_id=row["subject_id"],
        kind=row["kind"],
        caused_by=row["event_id"],
        at=now,
        reason=words,
        attempts=row["attempts"],
    )
    await append(connection, told, sequence=row["version"], now=now)
    return None


async def _check_it_came_back_before(connection: Connection, notice_id: str) -> None:
    standing = await store.standing(connection, notice_id)
    if standing is None:
        raise NoSuchNotice
    if standing["state"] != "failed":
        raise NothingCameBackError("This notice has not left yet, so it cannot have come back.")
    if not standing["bounced"]:
        raise NothingCameBackError(f"This notice had failed before any server accepted it: {standing['last_answer']}")
