"""The mass guard: a burst of losses is more likely a fault of the data, so a person looks first (P27)."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from cpt.postgres import Connection
from enrollment_sync.store import sql


@dataclass(frozen=True, slots=True)
class Guard:
    """More than `share` of those watched after issuance, and more than `minimum`, within `window` of event time."""

    share: float = 0.05
    minimum: int = 10
    window: timedelta = timedelta(minutes=10)
    settling: timedelta = timedelta(minutes=15)
    """The settling window: what is added so near to a loss takes its place (A24)."""


STANDARD_GUARD = Guard()


async def is_burst(connection: Connection, at: datetime, guard: Guard) -> bool:
    """Grouped by event time, so that catching up after an outage is no burst."""
    lost: int = 1 + await connection.fetchval(sql.lost_near, at, guard.window)
    if lost <= guard.minimum:
        return False
    enough = math.ceil(lost / guard.share) + 1
    watched: int = await connection.fetchval(sql.watched_after_issuance, enough)
    return lost > guard.share * watched
