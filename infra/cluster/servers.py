"""What runs on the host beside the cluster, on the link that pods can reach: PostgreSQL, Kafka and the campus."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from infra.cluster.node.keys import Authority
from infra.cluster.secured import ACLS, allow, logins, secured
from infra.devstack.child import Program, running
from infra.devstack.databases import Addresses, databases
from infra.devstack.kafka import kafka
from infra.devstack.postgres import postgres
from infra.devstack.processes import Plan
from infra.devstack.run_folder import RunFolder

LOOPBACK = "127.0.0.1"
LINKS = {name: f"https://localhost:{port}" for name, port in (("intake", 8001), ("review", 8003))}
"""Where browsers find the pages: the campus sends nobody further than to the own machine."""


@dataclass(frozen=True)
class Beside:
    host: str
    kafka: str
    """For this run, on loopback."""
    secured: str
    """For pods, who sign in there."""
    authority: Path
    """The certificate of who signed the broker's."""
    logins: dict[str, str]
    postgres: str
    databases: Addresses
    campus: int
    smtp: int
    log: Path
    spire_token: str
    client_secret: str
    session_key: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.campus}"

    def port(self, address: str) -> int:
        return urlsplit(address if "//" in address else f"//{address}").port or 0


@asynccontextmanager
async def beside(host: str, pods: str, folder: Path) -> AsyncIterator[Beside]:
    """Ready for pods of the network `pods`, without topics and without migrations: those are the chart's."""
    log = folder / "kafka.log"
    async with AsyncExitStack() as stack:
        store, admin = await stack.enter_async_context(postgres(folder / "postgres", folder / "postgres.log"))
        await stack.enter_async_context(running(_reachable_postgres(store, host, pods)))
        address, roles = await stack.enter_async_context(databases(admin, "cpt"))
        passwords = {name: secrets.token_hex(16) for name in (*ACLS, "topics")}
        broker, brokers = await stack.enter_async_context(kafka(folder / "kafka", log, logins(passwords)))
        authority = Authority(folder / "authority")
        broker, there = secured(broker, brokers, host, authority)
        await stack.enter_async_context(running(broker))
        await allow(brokers)
        plan = Plan(RunFolder(folder), kafka=brokers)
        told = Beside(
            host=host,
            kafka=brokers,
            secured=there,
            authority=authority.pair.certificate,
            logins=passwords,
            postgres=address,
            databases={role: dsn.replace(LOOPBACK, host) for role, dsn in roles.items()},
            campus=plan.campus,
            smtp=plan.smtp,
            log=log,
            spire_token=plan.spire_token,
            client_secret=plan.client_secret,
        )
        await stack.enter_async_context(running(_campus(plan, told)))
        yield told


def _reachable_postgres(program: Program, host: str, pods: str) -> Program:
    with (program.folder / "pg_hba.conf").open("a") as allowed:
        allowed.write(f"host all all {pods} scram-sha-256\nhost all all {host}/32 scram-sha-256\n")
    return replace(program, command=(*program.command, f"-clisten_addresses={LOOPBACK},{host}"))


def _campus(plan: Plan, told: Beside) -> Program:
    program = plan.campus_program()
    own = {"CPT_CAMPUS__HOST": told.host, "CPT_CAMPUS__CONSOLE_LINKS": json.dumps({})}
    return replace(program, env={**program.env, **own}, ready=partial(_listens, told.host, told.campus))


async def _listens(host: str, port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    writer.close()
    return True
