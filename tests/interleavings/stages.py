"""How far a journey has gone when its interleavings begin; each stage is a database to copy and the lanes beside it."""

import asyncio
import copy
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from review.cases.approve_case import Approval, approve_case
from review.cases.record_i20 import IssuedDocument, record_i20
from review.cases.show_case import show_case
from review.line.assign_next_case import assign_next_case
from review.store import find_case
from tests.factories import ADVISER, COLLEAGUE
from tests.interleavings.classes import Classes
from tests.interleavings.world import Lane, World, prepare

STAGES = ("submitted", "waiting", "assigned", "approved", "issued")
VALID = timedelta(minutes=15)


@dataclass
class Stage:
    database: str
    lanes: dict[tuple[str, str], Lane]
    now: datetime


@dataclass
class Ground:
    """What all examples share. `sequence` never starts again, as SPIRE's does not."""

    loop: asyncio.AbstractEventLoop
    admin: str
    campus: str
    requests: dict[str, str] = field(default_factory=dict)
    stages: dict[str, Stage] = field(default_factory=dict)
    sequence: count = field(default_factory=lambda: count(10, 10))

    def run(self, coroutine):
        return self.loop.run_until_complete(coroutine)

    async def prepare(self, documents):
        name = await self._create("template1")
        self.requests = await prepare(self._dsn(name), documents)
        world = World(self._dsn(name), self.campus)
        await world.open()
        for stage, step in zip(STAGES, (begin, settle, take, approve_all, issue_all), strict=True):
            await step(world, self)
            await world.close()
            self.stages[stage] = Stage(await self._create(name), copy.deepcopy(world.lanes), world.now)
            world = await self._open(name, world.lanes, world.now)
        await self.drop(world)

    async def open_copy(self, stage):
        """The world, and each student's classes."""
        known = self.stages[stage]
        world = await self._open(await self._create(known.database), copy.deepcopy(known.lanes), known.now)
        classes = {}
        for emplid in self.requests:  # the campus remembers the example before
            classes[emplid] = Classes.at_first(self.sequence, world.now.date())
            await world.enroll(emplid, classes[emplid])
        return world, classes

    async def drop(self, world):
        await world.close()
        await self._admin(f"DROP DATABASE {urlsplit(world.dsn).path[1:]} WITH (FORCE)")

    async def drop_stages(self):
        for stage in self.stages.values():
            await self._admin(f"DROP DATABASE {stage.database} WITH (FORCE)")

    async def _open(self, name, lanes, now):
        world = World(self._dsn(name), self.campus)
        world.lanes, world.now = lanes, now
        await world.open()
        return world

    async def _create(self, template):
        name = f"test_{uuid.uuid4().hex}"
        await self._admin(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    async def _admin(self, statement):
        connection = await asyncpg.connect(self.admin)
        await connection.execute(statement)
        await connection.close()

    def _dsn(self, name):
        return urlunsplit(urlsplit(self.admin)._replace(path=f"/{name}"))


async def begin(world, ground):
    """Nothing has left an outbox yet; Handshake has told of the approvals."""
    for emplid in ground.requests:
        await world.enroll(emplid, Classes.at_first(ground.sequence, world.now.date()))
        world.handshake_tells(emplid, 1, "approved")


async def settle(world, _):
    await world.settle()


async def take(world, ground):
    for adviser in (ADVISER, COLLEAGUE, ADVISER):
        await world.act("review", assign_next_case, adviser, None)
    await world.settle()


async def approve_all(world, ground):
    for request_id in ground.requests.values():
        await approve(world, request_id, await holder_of(world, request_id))
    await world.settle()


async def issue_all(world, ground):
    for _ in ("asks", "issues"):
        for request_id in ground.requests.values():
            await issue(world, request_id, await holder_of(world, request_id))
        await world.settle()


async def holder_of(world, request_id):
    async with world.databases["review"].connection() as connection:
        case = await find_case(connection, request_id)
    return case and case.holder


async def approve(world, request_id, adviser):
    view = await world.act("review", show_case, request_id, adviser)
    accepted = [flag["code"] for flag in view["flags"]]
    await world.act("review", approve_case, request_id, adviser, Approval(flags_accepted=accepted))


async def issue(world, request_id, adviser):
    """The first time it asks, after the answer it issues (P21)."""
    document = IssuedDocument("a" * 64, "i20.pdf", (world.now - timedelta(hours=6)).date(), "Kim Lee, PDSO")
    return await world.act("review", record_i20, request_id, adviser, document, valid=VALID)
