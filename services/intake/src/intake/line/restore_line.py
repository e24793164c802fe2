"""After a restore no number may be drawn twice, and no round or version of facts told twice with other content (P39)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cpt.postgres import Connection
from intake.store import sql, write_audit


@dataclass(frozen=True, slots=True)
class Restored:
    """`last`: number drawn, as the line counts from now on. Ids of requests that had gone further than this database
    knows, and of those it does not know at all.
    """

    last: int
    behind: Sequence[str]
    unknown: Sequence[str]


async def restore_line(
    connection: Connection,
    highest_told: int,
    rounds: Mapping[str, int],
    facts: Mapping[str, int],
    actor: str,
    now: datetime,
) -> Restored:
    """Nothing is ever lowered; who did it goes into the audit record."""
    last: int = await connection.fetchval(sql.raise_line, highest_told)
    told = sorted({*rounds, *facts})
    known = {row["request_id"] for row in await connection.fetch(sql.known_requests, told)}
    behind = [
        request_id
        for request_id in told
        if await connection.fetchval(sql.raise_request, request_id, rounds.get(request_id, 0), facts.get(request_id, 0))
    ]
    await write_audit(connection, now, actor, "line_restored", "line", highest_told=highest_told, behind=len(behind))
    return Restored(last, behind, [request_id for request_id in told if request_id not in known])
