"""The whole stack in the order in which it starts."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from infra.devstack.child import Program, finish
from infra.devstack.databases import SERVICES, databases
from infra.devstack.keeper import Report, kept
from infra.devstack.processes import Plan
from infra.devstack.run_folder import ROOT, RunFolder
from infra.devstack.servers import given, server
from infra.devstack.topics import create_topics, delete_topics

Server = tuple[Program | None, str]


@asynccontextmanager
async def whole_stack(run: RunFolder, report: Report) -> AsyncIterator[dict[str, Any]]:
    """What `stack.json` says of the addresses, once every process is ready."""
    async with AsyncExitStack() as parts:
        print("PostgreSQL and Kafka start", flush=True)
        async with asyncio.TaskGroup() as group:
            storing = group.create_task(_prepare(parts, run, "postgres"))
            streaming = group.create_task(_prepare(parts, run, "kafka"))
        postgres, kafka = storing.result(), streaming.result()
        plan = Plan(run, kafka=kafka[1])
        async with asyncio.TaskGroup() as group:
            filling = group.create_task(_fill_postgres(parts, plan, postgres, report))
            group.create_task(_fill_kafka(parts, plan, kafka, report))
        run.write("secrets", plan.secrets())
        print("the services start", flush=True)
        await parts.enter_async_context(kept(plan.service_programs(), report))
        yield _addresses(plan, filling.result())


async def _prepare(parts: AsyncExitStack, run: RunFolder, name: str) -> Server:
    return await parts.enter_async_context(server(name, run.path, run.logs / f"{name}.log"))


async def _keep(parts: AsyncExitStack, report: Report, program: Program | None) -> None:
    if program:
        await parts.enter_async_context(kept([program], report))


async def _fill_postgres(parts: AsyncExitStack, plan: Plan, postgres: Server, report: Report) -> str:
    """The administrator's address of the services' database."""
    program, address = postgres
    await _keep(parts, report, program)
    clone = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
    name = f"cpt_{clone}" if given("postgres") else "cpt"
    admin, services = await parts.enter_async_context(databases(address, name))
    plan.databases.update(services)
    async with asyncio.TaskGroup() as group:
        for migration in plan.migrations():
            group.create_task(finish(migration))
    print("every schema is migrated", flush=True)
    return admin


async def _fill_kafka(parts: AsyncExitStack, plan: Plan, kafka: Server, report: Report) -> None:
    program, address = kafka
    await _keep(parts, report, program)
    created = await create_topics(address)
    if given("kafka"):
        parts.push_async_callback(delete_topics, address, created)
    print(f"Kafka has its topics at {address}", flush=True)
    await _keep(parts, report, plan.campus_program())
    print("the simulated campus is ready", flush=True)


def _addresses(plan: Plan, postgres: str) -> dict[str, Any]:
    links = plan.links()
    return {
        "kafka": plan.kafka,
        "postgres": postgres,
        **{service: links[service] for service in SERVICES},
        "campus": f"http://127.0.0.1:{plan.campus}",
        "smtp": f"127.0.0.1:{plan.smtp}",
    }
