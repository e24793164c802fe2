"""What the relay takes for Kafka: keeps order, may refuse what it has kept, and stands between two steps."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace

from aiokafka.errors import RequestTimedOutError

from tests.simulation.scheduler import Crashed, Scheduler

Put = Callable[[str, str, dict[str, str], bytes], None]


class Producer:
    """As the client: what is sent leaves together, in the order in which it was sent."""

    def __init__(self, scheduler: Scheduler, put: Put) -> None:
        self._scheduler, self._put = scheduler, put
        self._in_hand: list[tuple[asyncio.Future, tuple]] = []

    async def start(self) -> None:
        return

    async def stop(self) -> None:
        return

    async def send(self, topic, value, *, key, headers) -> asyncio.Future:
        future = asyncio.get_running_loop().create_future()
        if not self._in_hand:
            self._leaving = asyncio.get_running_loop().create_task(self._leave())
        self._in_hand.append((future, (topic, key.decode(), {name: text.decode() for name, text in headers}, value)))
        return future

    async def _leave(self) -> None:
        """All of it arrives, or none; and who hears nothing does not know which."""
        try:
            await self._scheduler.stop(f"sends {len(self._in_hand)}")
            lost = self._scheduler.rarely(0.05)
            arrived = not lost or self._scheduler.rarely(0.5)
            if lost:
                self._scheduler.tell(f"the broker does not answer, and {'has' if arrived else 'has not'} kept them")
            for _, record in self._in_hand if arrived else ():
                self._put(*record)
            if arrived:
                await self._scheduler.stop("hears of the broker")
            outcome = RequestTimedOutError() if lost else None
        except Crashed as crashed:
            outcome = crashed
        in_hand, self._in_hand = self._in_hand, []
        for future, _ in in_hand:
            if not future.done():
                future.set_exception(outcome) if outcome else future.set_result(SimpleNamespace(partition=0, offset=0))
