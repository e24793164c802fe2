"""A durable PostgreSQL and a Kafka broker of the benchmark's own, with migrated schemas and the product's topics."""

import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import yaml

from cpt.messaging.kafka_settings import KafkaSettings
from cpt.messaging.topics import TopicList, ensure_topics
from cpt.postgres.migrations import migrate
from infra.devstack.child import Program, running
from infra.devstack.janitor import marked
from infra.devstack.ports import free_port
from infra.devstack.servers import server

ROOT = Path(__file__).parents[2]
SCHEMAS = {"enrollment_sync": "enrollment-sync", "intake": "intake", "review": "review"}


@dataclass(frozen=True, slots=True)
class Ground:
    """`servers`: process ids by name, for the split of the CPU."""

    folder: Path
    admin: str
    kafka: str
    servers: dict[str, int]

    async def database(self, name: str) -> str:
        """The DSN of a new database with the schemas of the services that are measured."""
        connection = await asyncpg.connect(self.admin)
        await connection.execute(f"CREATE DATABASE {name}")
        await connection.close()
        dsn = urlunsplit(urlsplit(self.admin)._replace(path=f"/{name}"))
        for schema, folder in SCHEMAS.items():
            await migrate(dsn, schema, ROOT / "services" / folder / "migrations")
        return dsn

    def process(self, module: str, dsn: str, *words: str) -> Program:
        """A program on that database; its log lies in the folder."""
        port = free_port()
        env = {
            "CPT_POSTGRES__DSN": dsn,
            "CPT_KAFKA__BOOTSTRAP_SERVERS": self.kafka,
            "CPT_HTTP__PORT": str(port),
            "CPT_SPIRE__URL": "http://127.0.0.1:9",
            "CPT_LOG_LEVEL": "WARNING",
        }
        command = (sys.executable, "-m", module, *words)
        return Program(module, command, folder=ROOT, log=self.folder / f"{module}.log", env=env)


@asynccontextmanager
async def ground() -> AsyncIterator[Ground]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cpt-bench-")))
        stack.enter_context(marked(f"{folder}|bench|{os.getpid()}"))
        addresses, servers = {}, {}
        for name in ("postgres", "kafka"):
            program, addresses[name] = await stack.enter_async_context(server(name, folder, folder / f"{name}.log"))
            if program:
                servers[name] = (await stack.enter_async_context(running(program))).pid
        topics = TopicList.model_validate(yaml.safe_load((ROOT / "infra/kafka/topics.yaml").read_text()))
        await ensure_topics(KafkaSettings(bootstrap_servers=addresses["kafka"]), topics)
        yield Ground(folder, addresses["postgres"], addresses["kafka"], servers)
