"""A worker process: subscribers, relay and loops, with an own start and stop order (docs/architecture.md).

Start: probes, pool, subscribers in a retry loop, relay and loops. Stop: subscribers, loops, relay, pool.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog
import uvicorn
from faststream.kafka import KafkaBroker
from starlette.applications import Starlette

from cpt.audit.seal import SealAudit
from cpt.contracts.audit import AuditSealed
from cpt.contracts.operations import MessagesWaiting
from cpt.messaging.bounds import DeliveryLimits
from cpt.messaging.consumer import Consumer
from cpt.messaging.delivery import Delivery
from cpt.messaging.inspection import inspect_topics
from cpt.messaging.kafka import Subscription, build_broker, build_producer
from cpt.messaging.relay import Relay
from cpt.messaging.waiting import TellWaiting
from cpt.messaging.within import within
from cpt.postgres import Database
from cpt.runtime.clock import shifted
from cpt.runtime.connections import BoundedProtocol
from cpt.runtime.consuming import Keeper
from cpt.runtime.health import live_checks, ready_checks
from cpt.runtime.loops import Loop
from cpt.runtime.probes import probe_routes
from cpt.runtime.settings import Settings
from cpt.runtime.traces import send_last_traces
from cpt.runtime.upkeep import measure, prune_messages

log = structlog.get_logger()

LAST_STEPS_SECONDS = 15.0
STOP_SECONDS = 5.0
"""All bounds of a stop together stay below the least grace of a worker's pod, 75 s."""


@dataclass(slots=True)
class Worker:
    """Everything a worker owns; `loops` are the service's own, the relay's is added here; `closing` comes last.

    `seals` is how this service tells the head of its audit record, `tells` what waits in it for a person.
    """

    service: str
    settings: Settings
    database: Database
    consumer: Consumer
    loops: Sequence[Loop] = ()
    seals: type[AuditSealed] | None = None
    tells: type[MessagesWaiting] | None = None
    limits: DeliveryLimits = field(default_factory=DeliveryLimits)
    closing: Callable[[], Awaitable[None]] | None = None
    _broker: KafkaBroker = field(init=False)
    _subscription: Subscription = field(init=False)
    _relay: Relay = field(init=False)
    _keeper: Keeper = field(init=False)
    _consuming: Loop = field(init=False)
    _all_loops: list[Loop] = field(init=False)

    def __post_init__(self) -> None:
        kafka = self.settings.kafka
        self._broker = build_broker(kafka, self.service)
        self._relay = Relay(self.database, lambda: build_producer(kafka, f"{self.service}-relay"))
        relay = Loop("relay", self._relay.step, idle=0.05, patience=30)
        delivery = Delivery(self.consumer, self.database, self.limits)
        self._subscription = Subscription(self._broker, delivery, kafka, then=relay.wake)
        self._keeper = Keeper(self._broker, self._subscription)
        self._consuming = Loop("consume", self._keeper.step, idle=1, patience=180, longest_pause=5)
        for loop in self.loops:
            loop.then = relay.wake
        self._all_loops = [
            relay,
            Loop("measure", lambda: measure(self.database, self._subscription), idle=5, patience=60),
            Loop("inspect_topics", self._inspect, idle=30, patience=60),
            Loop("prune_messages", lambda: prune_messages(self.database), idle=600, patience=60),
            *self.loops,
            *self._sealing(),
            *self._telling(),
        ]

    async def _inspect(self) -> int:
        membership = self._subscription.membership
        return await inspect_topics(
            self.database, self.consumer, membership.consumer if membership.is_member() else None
        )

    def _sealing(self) -> list[Loop]:
        if self.seals is None:
            return []
        sealing = SealAudit(self.database, self.seals, shifted(self.settings.clock_offset))
        return [Loop("seal_audit", sealing.step, idle=5, patience=60)]

    def _telling(self) -> list[Loop]:
        if self.tells is None:
            return []
        telling = TellWaiting(self.database, self.consumer, self.tells, shifted(self.settings.clock_offset))
        return [Loop("tell_waiting", telling.step, idle=5, patience=60)]

    async def run(self) -> None:
        """Until the process is told to stop; probes answer from the first moment to the last."""
        loops = [self._consuming, *self._all_loops]
        live = live_checks(self._subscription, self._keeper, loops)
        ready = ready_checks(self.database, self._subscription, loops)
        app = Starlette(routes=probe_routes(live, ready), lifespan=self._lifespan)
        http = self.settings.http
        port = http.probe_port or http.port
        config = uvicorn.Config(
            app,
            host=http.host,
            port=port,
            http=BoundedProtocol,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=5,
        )
        await uvicorn.Server(config).serve()

    def lag(self) -> int:
        """Records that wait in the assigned partitions."""
        return sum(self._subscription.lag().values())

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        # uvicorn raises the signal again after serving, so nothing after `serve` would run: this is the place.
        await self.database.open()
        stopping = asyncio.Event()
        consuming = asyncio.create_task(self._consuming.run(stopping))
        running = [asyncio.create_task(loop.run(stopping)) for loop in self._all_loops]
        try:
            yield
        finally:
            consuming.cancel()
            await asyncio.wait([consuming])
            await self._keeper.stop()
            stopping.set()
            for loop in self._all_loops:
                loop.wake()
            await _ended(running)
            await within(STOP_SECONDS, self._relay.close())
            if self.closing is not None:
                await within(STOP_SECONDS, self.closing())
            await self.database.close()
            await within(STOP_SECONDS, send_last_traces())
            log.info("worker_stopped")


async def _ended(running: Sequence[asyncio.Task[None]]) -> None:
    """A step that has begun is finished, unless it takes so long that the pod would be killed meanwhile."""
    _, late = await asyncio.wait(running, timeout=LAST_STEPS_SECONDS)
    for task in late:
        task.cancel()
    if late:
        log.warning("loops_cancelled", loops=len(late))
        await asyncio.wait(late, timeout=STOP_SECONDS)
