"""Nobody decides about themselves (A31): a message about the operator's own request is for a colleague."""

import json
from typing import Any

from cpt.messaging.consumer import Consumer
from cpt.messaging.outbox import sql
from cpt.postgres import Database


class OwnMessage(Exception):
    """It is about the person who would read it or decide on it."""


async def refuse_own(database: Database, consumer: Consumer, row: Any, actor: str, subject: str) -> None:
    """Own is a message that names the actor, or whose key is a request that this service knows to be theirs. `actor` is
    the `sub` of a sign-in, which is a student's EMPLID; `row` has a key and a payload. Raises `OwnMessage`, and keeps
    in the audit record that it was tried.
    """
    async with database.transaction() as connection:
        own = row["key"] == actor or json.dumps(actor, ensure_ascii=False).encode() in row["payload"]
        if own or (row["key"] is not None and await consumer.is_about(connection, row["key"], actor)):
            await connection.execute(sql.write_operator_audit, actor, "own_case_refused", subject, {})
            own = True
    if own:
        raise OwnMessage("It is about this person's own request; a colleague has to do this.")
