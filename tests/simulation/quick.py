"""The same world that settles in few statements, and whose identifiers are the same in each schedule."""

import sys
import uuid
from contextlib import contextmanager
from itertools import count

import uuid_utils

from review.alerts.confirm_alerts import settle_alerts
from tests.interleavings.world import SERVICES, World

WAITING = f"SELECT {', '.join(f'EXISTS (SELECT FROM {service}.outbox) AS {service}' for service in SERVICES)}"


class QuickWorld(World):
    """Once nothing is left to chance: each consumer gets all that waits for it at once."""

    async def settle(self, choose=None):  # noqa: ARG002 as the world's
        while await self._moved() or await self._worked():
            pass

    async def _moved(self):
        (waiting,) = await self.rows("intake", WAITING)
        for service in SERVICES:
            if waiting[service]:
                await self.relay(service)
        pairs = self.unread()
        for name in {name for name, _ in pairs}:
            lanes = [self.lanes[place] for of, place in pairs if of == name]
            await self.deliveries[name]([record for lane in lanes for record in lane.records[lane.read[name] :]])
            for lane in lanes:
                lane.read[name] = len(lane.records)
        return bool(pairs)

    async def _worked(self):
        return await self.checks.step() or await settle_alerts(self.databases["review"], self.now)


@contextmanager
def counted_identifiers():
    """Those that our modules draw count up from one: what is sorted by them is sorted the same in each schedule."""
    numbers, kinds = count(1), (uuid_utils.uuid4, uuid_utils.uuid7)

    def counted():
        return uuid.UUID(int=next(numbers) << 64 | 0x7000_8000_0000_0000)

    places = [
        (module, name, value)
        for module in [*sys.modules.values()]
        for name, value in [*vars(module).items()]
        if module is not uuid_utils and any(value is kind for kind in kinds)
    ]
    for module, name, _ in places:
        setattr(module, name, counted)
    try:
        yield numbers
    finally:
        for module, name, value in places:
            setattr(module, name, value)
