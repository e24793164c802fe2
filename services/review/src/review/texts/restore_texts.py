"""After a restore: the office's texts that were told stand again, each version as it was written (P39)."""

from collections.abc import Sequence
from datetime import datetime

from cpt.contracts.event import Event
from cpt.contracts.staff import OfficeTextChanged
from cpt.postgres import Connection
from review.store import Cause, write_audit
from review.texts.write_text import sql


async def restore_texts(connection: Connection, told: Sequence[Event], actor: str, now: datetime) -> list[str]:
    """A line for each version that was lost; nothing is told again, since mails and pages use it already."""
    cause, said = Cause("restore", actor, now), []
    await connection.fetchval(sql.lock_texts)
    for event in told:
        if not isinstance(event, OfficeTextChanged):
            continue
        version = (event.about, event.version, event.text, event.changed_by, event.at)
        if await connection.fetchval(sql.restore_text, *version):
            await write_audit(connection, cause, "office_text_restored", event.about, version=event.version)
            said.append(f"{event.about}: version {event.version} stands again")
    return said
