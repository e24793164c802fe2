"""What a student has typed so far for a new request; one draft each, kept until it is sent."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from cpt.postgres import Connection
from intake.store import sql
from intake.student.quotas import STANDARD, Quotas, require_room_in_draft


@dataclass(frozen=True, slots=True)
class Draft:
    """`key` makes sending it twice one request (case 43)."""

    key: str
    typed: Mapping[str, str]
    at: datetime


async def find_draft(connection: Connection, emplid: str) -> Draft | None:
    row = await connection.fetchrow(sql.find_draft, emplid)
    return Draft(**row) if row else None


async def save_draft(
    connection: Connection,
    emplid: str,
    names: Collection[str],
    typed: Mapping[str, str],
    now: datetime,
    quotas: Quotas = STANDARD,
) -> Draft:
    """Replaces the answers of one step, which are those called `names`; an unticked box is not sent at all.

    Raises `QuotaReached`.
    """
    row = await connection.fetchrow(sql.save_draft, emplid, str(uuid4()), list(names), dict(typed), now)
    assert row is not None
    draft = Draft(**row)
    require_room_in_draft(draft.typed, quotas)
    return draft


async def drop_draft(connection: Connection, emplid: str, key: str) -> None:
    await connection.execute(sql.drop_draft, emplid, key)
