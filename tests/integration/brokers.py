"""A Kafka broker of one test's own, to be hurt; and a worker as a process would run it, asked by its probes."""

import asyncio
import os
import signal
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from pydantic import SecretStr

from cpt.messaging.kafka_settings import KafkaSettings
from cpt.postgres import Database, PostgresSettings
from cpt.runtime.settings import HttpSettings, Settings
from cpt.runtime.worker import Worker
from infra.devstack.child import Program, running
from infra.devstack.kafka import kafka
from infra.devstack.ports import free_port

GRACE = 75
"""Seconds that the chart gives a worker at least."""


async def asked(kafka, ask) -> Any:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        return await ask(admin)
    finally:
        await admin.close()


@dataclass
class Broker:
    """It comes back at its address with what it had. Clients of the port `far` are led to `way`, as over a network."""

    program: Program
    address: str
    far: int
    way: int
    _life: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def start(self):
        self.process = await self._life.enter_async_context(running(self.program))

    async def stop(self):
        await self._life.aclose()
        self.program.log.write_text("")  # "started" is of the life before

    @property
    def settings(self):
        return KafkaSettings(bootstrap_servers=self.address, session_timeout_ms=6_000, heartbeat_interval_ms=500)

    async def asked(self, ask) -> Any:
        return await asked(self.address, ask)

    async def make_topic(self, name, partitions=1):
        await self.asked(lambda admin: admin.create_topics([NewTopic(name, partitions, 1)], timeout_ms=10_000))


def _far(known, broker):
    """A second listener, whose clients hear of no other address than that of the way."""
    kinds = known["listener.security.protocol.map"]
    return {
        "listeners": f"{known['listeners']},FAR://127.0.0.1:{broker.far}",
        "advertised.listeners": f"{known['advertised.listeners']},FAR://127.0.0.1:{broker.way}",
        "listener.security.protocol.map": f"{kinds},FAR:PLAINTEXT",
    }


@asynccontextmanager
async def own_broker(folder, more):
    async with kafka(folder / "kafka", folder / "kafka.log") as (program, address):
        broker = Broker(program, address, free_port(), free_port())
        written = program.folder / "server.properties"
        known = dict(line.split("=", 1) for line in written.read_text().splitlines())
        with written.open("a") as properties:
            properties.writelines(f"{name}={value}\n" for name, value in (_far(known, broker) | more).items())
        await broker.start()
        try:
            yield broker
        finally:
            await broker.stop()


@asynccontextmanager
async def at_work(database_url, consumer, kafka_settings):
    """`ask(path)`: the answer of a probe, as (status, parts). It is told to stop as its pod would be."""
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    http = HttpSettings(port=free_port())
    settings = Settings(postgres=PostgresSettings(dsn=SecretStr(database_url)), http=http, kafka=kafka_settings)
    database = Database(settings.postgres, "demo", "worker")
    worker = asyncio.create_task(Worker("demo", settings, database, consumer).run())
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{http.port}") as client:

        async def ask(path):
            try:
                answer = await client.get(path)
            except httpx2.TransportError:
                return 0, {}
            return answer.status_code, answer.json()["parts"]

        try:
            yield ask
        finally:
            os.kill(os.getpid(), signal.SIGTERM)  # the server in this process listens to it
            await asyncio.wait_for(worker, GRACE)
            signal.signal(signal.SIGTERM, before)
