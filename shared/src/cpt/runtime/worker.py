"""A worker process: subscribers, relay and loops, with an own start and stop order (design §2).

Start: probes, pool, subscribers in a retry loop, relay and loops. Stop: subscribers, loops, relay, pool.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
import uvicorn
from faststream.kafka import KafkaBroker
from starlette.applications import Starlette
from tenacity import AsyncRetrying, before_sleep_nothing, retry_if_exception_type, wait_exponential_jitter

from cpt.audit.seal import SealAudit
from cpt.contracts.audit import AuditSealed
from cpt.messaging.bounds import Limits
from cpt.messaging.consumer import Consumer
from cpt.messaging.delivery import Delivery
from cpt.messaging.errors import explain
from cpt.messaging.kafka import Subscription, build_broker, build_producer
from cpt.messaging.outbox import sql
from cpt.messaging.relay import Relay
from cpt.postgres import Database
from cpt.runtime import metrics
from cpt.runtime.clock import shifted
from cpt.runtime.loops import Loop
from cpt.runtime.probes import Check, probe_routes
from cpt.runtime.settings import Settings

log = structlog.get_logger()

INBOX_KEPT = timedelta(days=30)


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
        self._subscription = Subscription(self._broker, Delivery(self.consumer, self.database, self.limits), kafka)
        self._relay = Relay(self.database, lambda: build_producer(kafka, f"{self.service}-relay"))
        self._all_loops = [
            Loop("relay", self._relay.step, idle=0.05, patience=30),
            Loop("measure", self._measure, idle=5, patience=60),
            Loop("prune_inbox", self._prune, idle=600, patience=60),
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
        app = Starlette(routes=probe_routes(self._live(), self._ready()), lifespan=self._lifespan)
        http = self.settings.http
        config = uvicorn.Config(app, host=http.host, port=http.port, log_config=None, access_log=False)
        await uvicorn.Server(config).serve()

    def lag(self) -> int:
        """Records that wait in the assigned partitions."""
        return self._subscription.lag()

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        # uvicorn raises the signal again after serving, so nothing after `serve` would run: this is the place.
        await self.database.open()
        stopping = asyncio.Event()
        starting = asyncio.create_task(self._start_broker())
        running = [asyncio.create_task(loop.run(stopping)) for loop in self._all_loops]
        try:
            yield
        finally:
            starting.cancel()
            with suppress(asyncio.CancelledError):
                await starting
            await self._broker.stop()
            stopping.set()
            await asyncio.gather(*running)
            await self._relay.close()
            if self.closing is not None:
                await self.closing()
            await self.database.close()
            log.info("worker_stopped")

    async def _start_broker(self) -> None:
        async for attempt in AsyncRetrying(
            wait=wait_exponential_jitter(multiplier=0.2, max=5),
            retry=retry_if_exception_type(Exception),
            before_sleep=before_sleep_nothing,
        ):
            with attempt:
                try:
                    await self._broker.start()
                except Exception as error:
                    log.warning("broker_away", error=explain(error))
                    await self._broker.stop()
                    raise
        log.info("worker_started", topics=self.consumer.topics)

    def _live(self) -> dict[str, Check]:
        async def consuming() -> str | None:
            started = self._subscription.consumer is not None
            if self._subscription.hangs():
                return f"one delivery has run for over {self._subscription.patience:.0f} s"
            return "the consuming task has ended" if started and not self._subscription.alive() else None

        return {"consumer": consuming} | {loop.name: _not_stuck(loop) for loop in self._all_loops}

    def _ready(self) -> dict[str, Check]:
        async def postgres() -> None:
            await self.database.ping()

        async def kafka() -> str | None:
            return None if self._subscription.assigned else "no partitions yet"

        async def parking() -> str | None:
            return "too much was parked" if await self._subscription.delivery.full() else None

        return {"postgres": postgres, "kafka": kafka, "parking": parking} | {
            loop.name: _ran(loop) for loop in self._all_loops
        }

    async def _measure(self) -> int:
        async with self.database.connection() as connection:
            outbox = await connection.fetchrow(sql.outbox_state)
            consumed = await connection.fetch(sql.consumed, self.consumer.name)
            parked = await connection.fetch(sql.list_parked, self.consumer.name)
        assert outbox is not None
        metrics.OUTBOX_DEPTH.set(outbox["depth"])
        metrics.OUTBOX_AGE.set(outbox["age"])
        metrics.OUTBOX_QUARANTINED.set(outbox["quarantined"])
        metrics.PARKED_OPEN.set(len(parked))
        metrics.CONSUMER_LAG.set(self._subscription.lag())
        for row in consumed:
            for fate in ("processed", "parked", "ignored", "duplicates", "redelivered"):
                metrics.CONSUMED.labels(row["topic"], fate).set(row[fate])
        return 0

    async def _prune(self) -> int:
        async with self.database.transaction() as connection:
            status: str = await connection.execute(sql.prune_inbox, INBOX_KEPT)
        return int(status.rpartition(" ")[2])


def _not_stuck(loop: Loop) -> Check:
    async def check() -> str | None:
        return f"one step has run for over {loop.patience:.0f} s" if loop.stuck() else None

    return check


def _ran(loop: Loop) -> Check:
    async def check() -> str | None:
        return None if loop.ran else "has not run yet"

    return check
