"""How much may be parked before it is more likely a bad deployment than bad messages (docs/architecture.md)."""

from dataclasses import dataclass
from datetime import timedelta

from cpt.messaging.consumer import Consumer
from cpt.messaging.outbox import sql
from cpt.postgres import Connection


@dataclass(frozen=True, slots=True)
class DeliveryLimits:
    """`budget`: seconds one delivery may spend on trying again, well below the poll interval; `unknown_attempts`:
    tries for an exception of neither family. `parked` new causes in `window` stop the consumer; so do `few`, where
    they are more than `share` of what was decided in the window.
    """

    budget: float = 45.0
    unknown_attempts: int = 3
    parked: int = 100
    few: int = 50
    share: float = 0.5
    window: timedelta = timedelta(minutes=10)


async def is_full(connection: Connection, consumer: Consumer, limits: DeliveryLimits) -> bool:
    """Whether nothing more may be parked. It lies in the database, so that another replica meets the same bound."""
    parked: int = await connection.fetchval(sql.count_recently_parked, consumer.name, limits.window, consumer.now())
    if parked < limits.few:
        return parked >= limits.parked
    enough = int(parked * (1 - limits.share) / limits.share)
    handled: int = await connection.fetchval(sql.count_recently_handled, consumer.name, limits.window, enough)
    return parked >= limits.parked or handled < enough
