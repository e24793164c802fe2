"""What about the student of a case cannot be read (P29)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cpt.postgres import Connection
from review.store import sql

LOOK: Mapping[str, str] = {"SPIRE": "the student's classes in SPIRE", "Handshake": "the agreement in Handshake"}
"""By the source: what a person has to look at meanwhile."""


async def what_is_unread(connection: Connection, request_id: str) -> dict[str, Any] | None:
    """`since` when, `unread` in words, and what to `look` at; None where everything can be read."""
    rows = await connection.fetch(sql.blind_for, request_id)
    if not rows:
        return None
    unread = [reason for row in rows for reason in row["unread"]]
    since: datetime = min(row["since"] for row in rows)
    return {"since": since, "unread": unread, "look": " and ".join(LOOK[row["source"]] for row in rows)}
