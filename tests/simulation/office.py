"""The four services as processes of a scheduler: consumers, relays, checks, alerts; and the people who use them."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

from cpt.contracts.campus import EnrollmentChanged
from cpt.contracts.review import ReturnReason
from cpt.messaging.errors import BudgetSpent
from cpt.messaging.parking import WAITS, list_parked
from cpt.messaging.relay import Relay
from cpt.messaging.replay import discard
from cpt.postgres import is_transient, retry_transaction
from enrollment_sync.checks.check_enrollment import CheckEnrollment
from enrollment_sync.spire import Spire, SpireAway
from intake.domain.lifecycle import Refused as RefusedByIntake
from intake.student.resubmit_request import resubmit_request
from intake.student.withdraw_request import withdraw_request
from review.alerts.confirm_alerts import settle_alerts
from review.cases.decide_case import return_case
from review.cases.hand_over_case import give_back_case
from review.cases.ownership import NoSuchCase
from review.domain import Refused
from review.line.assign_next_case import assign_next_case
from tests.factories import ADVISER, COLLEAGUE
from tests.interleavings.classes import NAMED
from tests.interleavings.promises import IMPOSSIBLE
from tests.interleavings.stages import approve, holder_of, issue
from tests.interleavings.world import SERVICES, SETTLING
from tests.simulation.broker import Producer
from tests.simulation.scheduler import Process, Scheduler, running

REASON = ReturnReason(text="Please correct the dates.", item=None)
ACTS = 3
"""Of each person at most, so that a schedule is a story and not a day."""
FAVORITE = 0.5
"""How often people do what most do in this schedule: two who do the same at once meet in few schedules otherwise."""


class StoppingSpire:
    """SPIRE answers at another time than it is asked, or not."""

    def __init__(self, spire: Spire, scheduler: Scheduler) -> None:
        self._spire, self._scheduler = spire, scheduler

    async def read(self, *about):
        await self._scheduler.stop("asks SPIRE")
        if self._scheduler.rarely(0.05):
            self._scheduler.tell("SPIRE does not answer")
            raise SpireAway("timeout")
        found = await self._spire.read(*about)
        await self._scheduler.stop("hears SPIRE")
        return found


class Office:
    """Starts the processes of a world; `classes`: of each student."""

    def __init__(self, world, classes, requests, sequence, scheduler) -> None:
        self.world, self.classes, self.requests, self.sequence = world, classes, requests, sequence
        self.scheduler, self.versions = scheduler, dict.fromkeys(requests, 1)
        self._reading: dict[tuple[str, tuple], Process] = {}
        self._of_advisers, self._of_students = scheduler.choices.one_of(5), scheduler.choices.one_of(5)
        self._spire = StoppingSpire(world.spire, scheduler)

    def open(self) -> None:
        for service in SERVICES:
            word = service.replace("_", "-")
            for number in (1, 2):
                self._start(f"{word} {number}", lambda service=service: self.consume(service))
            self._start(f"relay of {word}", lambda service=service: self.relay(service))
        for number in (1, 2):
            self._start(f"checks {number}", lambda: self.look_after(self._checks().step, "due_check"))
        self._start("alerts", lambda: self.look_after(self._settle, "alert"))
        for adviser in (ADVISER, COLLEAGUE):
            self._start(adviser.name, lambda adviser=adviser: self.adviser(adviser), mortal=False)
        for emplid in self.requests:
            self._start(f"student {emplid[-1]}", lambda emplid=emplid: self.student(emplid), mortal=False)
        self._start("the clock", self.clock, mortal=False)

    def _start(self, name, begin, *, mortal=True):
        self.scheduler.start(Process(name, begin, mortal))

    # Processes

    async def consume(self, service):
        """Two of a group share its lanes; now and then one is given what the other has not finished with."""
        while True:
            await self.scheduler.stop("polls", when=lambda: self._lanes(service))
            lanes = self._lanes(service)
            place = lanes[self.scheduler.choices.one_of(len(lanes))]
            most = 1 + self.scheduler.choices.one_of(3)
            await self._read(service, place, most)

    def _lanes(self, service):
        mine = self.world.waits_for(service)
        taken = {at for (name, at), who in self._reading.items() if name == service and not who.dead}
        free = [place for place in mine if place not in taken]
        return free if self.scheduler.calm else free or mine

    async def _read(self, service, place, most):
        lane, me = self.world.lanes[place], running.get()
        first = lane.read[service]
        batch = lane.records[first : first + most]
        if not batch:
            return
        if (service, place) in self._reading:
            self.scheduler.tell("is given a partition that another one still reads")
        self._reading[service, place] = me
        told = ", ".join(f"{record.headers.get('ce_type', '?').split('.')[-2]}" for record in batch)
        self.scheduler.tell(f"reads {told} of {place[1]}, {first}–{first + len(batch) - 1}")
        with suppress(BudgetSpent):
            await self.world.deliveries[service](batch)
            await self.scheduler.stop("commits its offset")
            if self._reading.get((service, place)) is me:
                lane.read[service] = first + len(batch)
        if self._reading.get((service, place)) is me:
            del self._reading[service, place]

    async def relay(self, service):
        relay = Relay(self.world.databases[service], lambda: Producer(self.scheduler, self.world.put))
        await self.look_after(relay.step, "outbox")

    def _checks(self):
        world = self.world
        return CheckEnrollment(world.databases["enrollment_sync"], self._spire, world.clock, SETTLING)

    async def _settle(self):
        return await settle_alerts(self.world.databases["review"], self.world.now)

    async def look_after(self, step: Callable[[], Awaitable[int]], table: str) -> None:
        """A loop: as long as there is something to do, then after whoever wrote the table, or time has passed."""
        news, seen = self.scheduler.written, -1

        def something_new() -> bool:
            return news[table] + news["time"] != seen

        while True:
            await self.scheduler.stop("looks for work", when=something_new)
            seen = news[table] + news["time"]
            try:
                if await step():
                    seen = -1
            except Exception as error:  # noqa: BLE001 as in a loop of the product: told, and tried again
                self.scheduler.tell(f"fails: {type(error).__name__}")
                seen = -1

    # People

    async def adviser(self, who):
        acts = [self._take, self._approve, self._issue, self._return, self._give_back]
        await self._live(acts, who, self._of_advisers)

    async def student(self, emplid):
        acts = [self._turn, self._handshake, self._resubmit, self._withdraw, self._garble]
        await self._live(acts, emplid, self._of_students)

    async def _live(self, acts, who, favorite):
        for _ in range(ACTS):
            await self.scheduler.stop("decides", when=lambda: not self.scheduler.calm)
            other = self.scheduler.choices.one_of(1 + len(acts), FAVORITE)
            act = acts[other - 1 if other else favorite]
            self.scheduler.tell(act.__name__[1:].replace("_", " "))
            try:
                await act(who)
            except (Refused, RefusedByIntake, NoSuchCase) as refused:
                self.scheduler.tell(f"is refused: {type(refused).__name__}")
            except Exception as error:
                if not is_transient(error):
                    raise
                self.scheduler.tell("is asked to come back")

    async def clock(self):
        for _ in range(4):
            await self.scheduler.stop("stands", when=lambda: not self.scheduler.calm)
            minutes = (1, 3, 16, 31)[self.scheduler.choices.one_of(4)]
            self.scheduler.tell(f"goes on by {minutes} minutes")
            self.world.now += timedelta(minutes=minutes)
            await retry_transaction(lambda minutes=minutes: self.world.shorten_leases(timedelta(minutes=minutes)))
            self.scheduler.written["time"] += 1

    async def _take(self, adviser):
        """P11: whoever asks for the next case is never refused because another one asks, too."""
        try:
            await self.world.act("review", assign_next_case, adviser, None)
        except Refused as refused:
            self.scheduler.failed.append(f"{adviser.name} was refused the next case: {type(refused).__name__}")

    async def _mine(self, adviser):
        for request_id in self.requests.values():
            if (held := await holder_of(self.world, request_id)) == adviser:
                return request_id, held
        raise NoSuchCase

    async def _approve(self, adviser):
        await approve(self.world, *await self._mine(adviser))

    async def _issue(self, adviser):
        await issue(self.world, *await self._mine(adviser))

    async def _return(self, adviser):
        await self.world.act("review", return_case, *await self._mine(adviser), [REASON], office_error=False)

    async def _give_back(self, adviser):
        await self.world.act("review", give_back_case, *await self._mine(adviser), "On leave")

    async def _turn(self, emplid):
        """Drops the course, or adds it; the registrar tells of it sooner or later, or never."""
        classes, day = self.classes[emplid], self.world.now.date()
        row = classes.turn(NAMED, next(self.sequence), day)
        self.scheduler.tell("adds the course" if classes.has(NAMED) else "drops the course")
        await self.world.enroll(emplid, classes)
        await self.scheduler.stop("is told of by the registrar")
        self.world.registrar_tells(emplid, row)

    async def _handshake(self, emplid):
        self.versions[emplid] += 1
        status = ("approved", "withdrawn")[self.scheduler.choices.one_of(2)]
        self.scheduler.tell(f"Handshake says {status}")
        self.world.handshake_tells(emplid, self.versions[emplid], status)

    async def _resubmit(self, emplid):
        await self.world.student_acts(resubmit_request, self.requests[emplid], emplid, "Done")

    async def _withdraw(self, emplid):
        if self.scheduler.choices.one_of(4) == 0:
            await self.world.student_acts(withdraw_request, self.requests[emplid], emplid)

    async def _garble(self, emplid):
        """The registrar sends something unreadable: it is parked, and what follows it waits."""
        told = {"ce_id": f"garbled-{next(self.sequence)}", "ce_type": EnrollmentChanged.TYPE}
        self.world.put(EnrollmentChanged.TOPIC, emplid, told, b"?")

    async def decide_parked(self):
        """An operator discards what nobody can read, and what waited behind it is handled."""
        for service in SERVICES:
            consumer, database = self.world.deliveries[service].consumer, self.world.databases[service]
            while first := [
                row
                for row in await list_parked(database, consumer.name)
                if IMPOSSIBLE not in row["reason"] and row["reason"] != str(WAITS)
            ]:
                await discard(database, consumer, first[0]["id"], "operator")
