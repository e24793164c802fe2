"""A worker process: subscribers, relay and loops, with an own start and stop order (design §2).

Start: probes, pool, subscribers in a retry loop, relay and loops. Stop: subscribers, loops, relay, pool.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import structlog
import uvicorn
from faststream.kafka import KafkaBroker
from starlette.applications import Starlette

from cpt.audit.seal import SealAudit
from cpt.contracts.audit import AuditSealed
from cpt.messaging.bounds import Limits
from cpt.messaging.consumer import Consumer
from cpt.messaging.delivery import Delivery
from cpt.messaging.kafka import Subscription, build_broker, build_producer
from cpt.messaging.relay import Relay
from cpt.postgres import Database
from cpt.runtime.clock import shifted
from cpt.runtime.health import live_checks, ready_checks
from cpt.runtime.loops import Loop
from cpt.runtime.probes import probe_routes
from cpt.runtime.settings import Settings
from cpt.runtime.start import start
from cpt.runtime.traces import send_last_traces
from cpt.runtime.upkeep import measure, prune_messages

log = structlog.get_logger()


@dataclass(slots=True)
class Worker:
    """Everything a worker owns; `loops` are the service's own, the relay's is added here; `closing` comes last.

    `seals` is how this service tells the head of its audit record.
    """

    service: str
    settings: Settings
    database: Database
    consumer: Consumer
    loops: Sequence[Loop] = ()
    seals: type[AuditSealed] | None = None
    limits: Limits = field(default_factory=Limits)
    closing: Callable[[], Awaitable[None]] | None = None
    _broker: KafkaBroker = field(init=False)
    _subscription: Subscription = field(init=False)
    _relay: Relay = field(init=False)
    _all_loops: list[Loop] = field(init=False)

    def __post_init__(self) -> None:
        kafka = self.settings.kafka
        self._broker = build_broker(kafka, self.service)
        self._relay = Relay(self.database, lambda: build_producer(kafka, f"{self.service}-relay"))
        relay = Loop("relay", self._relay.step, idle=0.05, patience=30)
        delivery = Delivery(self.consumer, self.database, self.limits)
        self._subscription = Subscription(self._broker, delivery, kafka, then=relay.nudge)
        for loop in self.loops:
            loop.then = relay.nudge
        self._all_loops = [
            relay,
            Loop("measure", lambda: measure(self.database, self._subscription), idle=5, patience=60),
            Loop("prune_messages", lambda: prune_messages(self.database), idle=600, patience=60),
            *self.loops,
            *self._sealing(),
        ]

    def _sealing(self) -> list[Loop]:
        if self.seals is None:
            return []
        sealing = SealAudit(self.database, self.seals, shifted(self.settings.clock_offset))
        return [Loop("seal_audit", sealing.step, idle=5, patience=60)]

    async def run(self) -> None:
        """Until the process is told to stop; probes answer from the first moment to the last."""
        parts = (self._subscription, self._all_loops)
        app = Starlette(
            routes=probe_routes(live_checks(*parts), ready_checks(self.database, *parts)), lifespan=self._lifespan
        )
        http = self.settings.http
        config = uvicorn.Config(app, host=http.host, port=http.port, log_config=None, access_log=False)
        await uvicorn.Server(config).serve()

    def lag(self) -> int:
        """Records that wait in the assigned partitions."""
        return sum(self._subscription.lag().values())

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        # uvicorn raises the signal again after serving, so nothing after `serve` would run: this is the place.
        await self.database.open()
        stopping = asyncio.Event()
        starting = asyncio.create_task(start(self._broker, self.consumer.topics))
        running = [asyncio.create_task(loop.run(stopping)) for loop in self._all_loops]
        try:
            yield
        finally:
            starting.cancel()
            with suppress(asyncio.CancelledError):
                await starting
            await self._broker.stop()
            stopping.set()
            for loop in self._all_loops:
                loop.nudge()
            await asyncio.gather(*running)
            await self._relay.close()
            if self.closing is not None:
                await self.closing()
            await self.database.close()
            await send_last_traces()
            log.info("worker_stopped")
