"""The same world that settles in few statements, and whose identifiers are the same in each schedule."""

import sys
import uuid
from contextlib import contextmanager
from dataclasses import replace
from itertools import count

import uuid_utils

from cpt.messaging.bounds import DeliveryLimits
from cpt.messaging.delivery import Delivery
from enrollment_sync.spire import NoSuchStudent, Spire
from infra.campus.campus import Campus
from infra.campus.spire import Profile
from infra.campus.spire_api import enrollment_view, snapshot_lines
from notifier import reserve_notice
from review.alerts.confirm_alerts import settle_alerts
from tests.component.enrollment_sync.conftest import PROFILE
from tests.interleavings.world import SERVICES, World

WAITING = f"""SELECT {", ".join(f"EXISTS (SELECT FROM {service}.outbox) AS {service}" for service in SERVICES)},
  EXISTS (SELECT FROM enrollment_sync.due_check WHERE not_before <= $1) AS checks,
  EXISTS (SELECT FROM review.alert WHERE state = 'suspected') AS alerts"""


PATIENT = DeliveryLimits(budget=86_400, unknown_attempts=1)
"""No schedule hangs on how fast the machine is."""
SHORTEN = "UPDATE due_check SET lease_until = lease_until - $1::interval WHERE lease_until IS NOT NULL"


class SpireBeside(Spire):
    """Asked without HTTP, which took a third of a schedule and is tried elsewhere."""

    def __init__(self, campus: Campus) -> None:
        super().__init__("http://campus", "", timeout=5, budget=5)
        self._campus = campus

    async def _get(self, path, **params):
        student = self._campus.spire.students.get(path.split("/")[2])
        if student is None:
            raise NoSuchStudent
        if params:
            return enrollment_view(student, self._campus.clock, **params)
        return student.profile.model_dump(mode="json", exclude_none=True)

    async def snapshot(self, strm):
        for line in snapshot_lines(self._campus, strm):
            yield line


class QuickWorld(World):
    """Once nothing is left to chance: each consumer gets all that waits for it at once."""

    def __init__(self, dsn: str, campus: Campus) -> None:
        super().__init__(dsn, "http://campus")
        self._campus, self._http = campus.spire, self.spire
        self.spire = SpireBeside(campus)
        self.checks = replace(self.checks, spire=self.spire)
        for name, delivery in self.deliveries.items():
            self.deliveries[name] = Delivery(delivery.consumer, self.databases[name], PATIENT)
        self.topics = {name: frozenset(delivery.consumer.topics) for name, delivery in self.deliveries.items()}

    async def close(self):
        await super().close()
        await self._http.close()

    async def shorten_leases(self, passing):
        """One statement instead of three, eleven times a schedule."""
        async with self.databases["enrollment_sync"].connection() as connection:
            await connection.execute(SHORTEN, passing)

    async def enroll(self, emplid, classes):
        self._campus.put_profile(Profile(emplid=emplid, **PROFILE))
        self._campus.replace_rows(emplid, classes.rows.values())

    def waits_for(self, name):
        """The lanes with something to read for one consumer."""
        topics = self.topics[name]
        return [at for at, lane in self.lanes.items() if at[0] in topics and lane.read[name] < len(lane.records)]

    async def settle(self, choose=None):  # noqa: ARG002 as the world's
        while await self._moved():
            pass

    async def _moved(self):
        (waiting,) = await self.rows("intake", WAITING, self.now)
        for service in SERVICES:
            if waiting[service]:
                await self.relay(service)
        return await self._read_all() or await self._worked(waiting)

    async def _read_all(self):
        found = False
        for name in SERVICES:
            if lanes := [self.lanes[place] for place in self.waits_for(name)]:
                found = True
                await self.deliveries[name]([record for lane in lanes for record in lane.records[lane.read[name] :]])
                for lane in lanes:
                    lane.read[name] = len(lane.records)
        return found

    async def _worked(self, waiting):
        done = waiting["checks"] and await self.checks.step()
        return done or (waiting["alerts"] and await settle_alerts(self.databases["review"], self.now))


@contextmanager
def short_mails():
    """What a mail says matters to no promise here, and writing it took as long as all statements about it."""
    written, reserve_notice._composed = reserve_notice._composed, lambda *_: b"mail"
    try:
        yield
    finally:
        reserve_notice._composed = written


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
