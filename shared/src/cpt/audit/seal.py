"""The sealing loop: every committed audit row gets its link, and the head of the chain is told (P40).

An identity has gaps, and a gap fills when its transaction commits late. So no cursor runs over the ids: whatever has
no seal is sealed. Most rounds look back over the last ids only; every few minutes, and first of all, one looks at all.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from cpt.audit.chain import Link, extend, link_of
from cpt.contracts.audit import AuditSealed
from cpt.messaging import append
from cpt.postgres import Connection, Database, Queries

sql = Queries("cpt.audit")

ROWS_A_ROUND = 2000
LOOKED_BACK = 10_000
FROM_THE_START = -(2**63)
LOOK_AT_ALL = timedelta(minutes=5)
TELL_AT_LEAST = timedelta(days=1)
"""An unchanged head is told again, so that the topic holds one in spite of its retention."""


class SealAudit:
    """`step` is one round of the loop of a worker; `event` is the service's own kind of `AuditSealed`."""

    def __init__(
        self, database: Database, event: type[AuditSealed], now: Callable[[], datetime], looked_back: int = LOOKED_BACK
    ) -> None:
        self._database, self._event, self._now, self._looked_back = database, event, now, looked_back
        self._looked_at_all: float | None = None
        self._told: float | None = None

    async def step(self) -> int:
        """How many rows were sealed where more wait; 0 lets the loop pause, so that a head covers many rows."""
        async with self._database.transaction() as connection:
            if not await connection.fetchval(sql.try_sealing_lock):
                return 0
            sealed = await self._seal(connection)
        return sealed if sealed == ROWS_A_ROUND else 0

    async def _seal(self, connection: Connection) -> int:
        last = await connection.fetchrow(sql.last_seal)
        everything = _due(self._looked_at_all, LOOK_AT_ALL)
        floor = FROM_THE_START if everything or last is None else last["highest_row"] - self._looked_back
        rows = await connection.fetch(sql.find_unsealed, floor, ROWS_A_ROUND)
        now = self._now()
        end = link_of(dict(last)) if last else None
        links = extend(end, map(dict, rows), now)
        if links:
            await connection.execute(sql.add_seals, *_columns(links), now)
        if links or (end and _due(self._told, TELL_AT_LEAST)):
            await self._tell(connection, links[-1] if links else end, now)
        if everything and len(rows) < ROWS_A_ROUND:
            self._looked_at_all = time.monotonic()
        return len(links)

    async def _tell(self, connection: Connection, head: Link | None, now: datetime) -> None:
        assert head is not None
        event = self._event(at=now, count=head.position, head=head.digest.hex())
        await append(connection, event, sequence=head.position, now=now)
        self._told = time.monotonic()


def _columns(links: list[Link]) -> tuple[list[int], list[int], list[bytes], list[bytes]]:
    return (
        [link.position for link in links],
        [link.row_id for link in links],
        [link.row_digest for link in links],
        [link.previous for link in links],
    )


def _due(last: float | None, every: timedelta) -> bool:
    return last is None or time.monotonic() - last >= every.total_seconds()
