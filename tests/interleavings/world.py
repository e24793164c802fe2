"""The four services on one PostgreSQL and a campus on HTTP, with a network that a test reorders as it likes.

Between the services lies one lane for each topic and key, as Kafka promises order there and nowhere else. What a
crash does is made of these: a relay that dies before its delete sends rows again, a consumer that dies before its
offset commit hears a suffix of a lane again, a check that dies after its claim leaves it to its lease.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import httpx2
from pydantic import SecretStr

from cpt.contracts.envelope import decode, headers_of
from cpt.messaging.bounds import DeliveryLimits
from cpt.messaging.delivery import Delivery
from cpt.messaging.record import Record
from cpt.postgres import Database, PostgresSettings
from cpt.postgres.migrations import migrate
from cpt.web.person import Person as Visitor
from enrollment_sync.checks.check_enrollment import CheckEnrollment
from enrollment_sync.checks.claim_checks import claim_checks
from enrollment_sync.consumer import build_consumer as build_sync
from enrollment_sync.spire import Spire
from intake.consumer import build_consumer as build_intake
from intake.documents.accept_upload import Uploads
from intake.documents.document_store import DocumentStore
from intake.documents.read_document import DocumentReaders
from intake.documents.scanner import NoScanner
from intake.forms import ApplicationBody
from intake.line.unit_of_work import unit_of_work
from intake.spire import SpireDirectory
from intake.student.receive_document import Upload, receive_document
from intake.student.submit_request import submit_request
from notifier.consumer import build_consumer as build_notifier
from notifier.notice_context import build_notice_context
from notifier.settings import NoticeSettings, NotifierSettings
from review.alerts.confirm_alerts import settle_alerts
from review.consumer import build_consumer as build_review
from review.settings import ReviewRules
from tests.component.enrollment_sync.conftest import PROFILE
from tests.component.enrollment_sync.told import changed
from tests.component.intake.conftest import a_letter, an_agreement, an_application, chunks
from tests.unit.documents.children import PATIENT

SERVICES = ("intake", "enrollment_sync", "review", "notifier")
START = datetime(2026, 8, 24, 14, tzinfo=UTC)
SETTLING = timedelta(minutes=15)
STUDENTS = ("30000001", "30000002", "30000003")
TERM = "1267"


@dataclass
class Lane:
    """What one topic holds for one key, and how far each consumer has read it."""

    number: int
    records: list[Record] = field(default_factory=list)
    read: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def visitor(emplid):
    return Visitor(emplid, frozenset({"student"}), name="Ana Lima", email=f"{emplid}@umass.example")


class World:
    """`now` is the time of the next thing that happens."""

    def __init__(self, dsn, campus_url):
        self.dsn, self.now, self.lanes, self._numbers = dsn, START, {}, count(1)
        postgres = PostgresSettings(dsn=SecretStr(dsn), pool_size=4)
        self.databases = {service: Database(postgres, service, "tests") for service in SERVICES}
        notices = NotifierSettings(postgres=postgres, notifier=NoticeSettings(compliance_address="c@ipo.example"))
        consumers = {
            "intake": build_intake(self.clock),
            "enrollment_sync": build_sync(self.clock),
            "review": build_review(ReviewRules(), self.clock),
            "notifier": build_notifier(build_notice_context(notices), self.clock),
        }
        once = DeliveryLimits(budget=20, unknown_attempts=1)
        self.deliveries = {name: Delivery(consumer, self.databases[name], once) for name, consumer in consumers.items()}
        self.spire = Spire(campus_url, "secret", timeout=5, budget=5)
        self.checks = CheckEnrollment(self.databases["enrollment_sync"], self.spire, self.clock, SETTLING)
        self.demo = httpx2.AsyncClient(base_url=f"{campus_url}/demo")

    def clock(self):
        return self.now

    async def pass_time(self, minutes):
        """Leases run by the clock of PostgreSQL, so they move back by what passes here (P37)."""
        self.now += timedelta(minutes=minutes)
        await self.shorten_leases(timedelta(minutes=minutes))

    async def shorten_leases(self, passing):
        async with self.databases["enrollment_sync"].transaction() as connection:
            await connection.execute("UPDATE due_check SET lease_until = lease_until - $1::interval", passing)

    async def open(self):
        for database in self.databases.values():
            await database.open()

    async def close(self):
        for database in self.databases.values():
            await database.close()
        await self.spire.close()
        await self.demo.aclose()

    # The network

    def put(self, topic, key, headers, payload):
        lane = self.lanes.setdefault((topic, key), Lane(len(self.lanes)))
        lane.records.append(Record(topic, lane.number, len(lane.records), 1_000, key, headers, payload))

    def campus_tells(self, event):
        number = next(self._numbers)
        headers = headers_of(event, event_id=f"campus-{number}", time=self.now, sequence=1, extra={})
        self.put(event.TOPIC, event.key, headers, event.model_dump_json().encode())

    async def relay(self, service, *, dies=False):
        """Everything in the outbox goes out; a relay that dies before its delete will send it again."""
        async with self.databases[service].transaction() as connection:
            rows = await connection.fetch("SELECT topic, key, headers, payload FROM outbox ORDER BY seq")
            if not dies:
                await connection.execute("DELETE FROM outbox")
        for row in rows:
            self.put(row["topic"], row["key"], row["headers"], row["payload"])
        return len(rows)

    def unread(self):
        """(consumer, lane) pairs with something to read, in the order in which the lanes came to be."""
        return [
            (name, place)
            for place, lane in self.lanes.items()
            for name, delivery in self.deliveries.items()
            if place[0] in delivery.consumer.topics and lane.read[name] < len(lane.records)
        ]

    async def deliver(self, consumer, place, most=1):
        lane = self.lanes[place]
        first = lane.read[consumer]
        batch = lane.records[first : first + most]
        await self.deliveries[consumer](batch)
        lane.read[consumer] = first + len(batch)

    def forget_offset(self, consumer, place, back):
        """What a consumer that died before its offset commit hears again."""
        lane = self.lanes[place]
        lane.read[consumer] = max(0, lane.read[consumer] - back)

    async def settle(self, choose=lambda pairs: pairs[0]):
        """Until nothing is left to do; `choose` picks the next delivery."""
        while await self._something_done(choose):
            pass

    async def _something_done(self, choose):
        sent = sum([await self.relay(service) for service in SERVICES])
        if pairs := self.unread():
            await self.deliver(*choose(pairs))
            return True
        return bool(sent or await self.checks.step() or await settle_alerts(self.databases["review"], self.now))

    # The campus

    async def enroll(self, emplid, classes):
        """SPIRE's rows become these, and nobody tells of it."""
        await self.demo.put(f"/students/{emplid}", json=PROFILE)
        await self.demo.put(f"/students/{emplid}/enrollments", json=list(classes.rows.values()))

    def registrar_tells(self, emplid, row, act=None):
        state = {name: row[name] for name in ("status", "reason", "units", "effective_dt")}
        about = {name: row[name] for name in ("catalog_nbr", "component")}
        action = "E" if row["status"] == "E" else "D"
        class_nbr, seq = row["class_nbr"], row["source_seq"]
        self.campus_tells(changed(class_nbr, seq, emplid, act=act, action=action, **state, **about))

    def handshake_tells(self, emplid, version, status):
        self.campus_tells(an_agreement(emplid, version=version, status=status))

    # People

    async def act(self, service, use_case, *arguments, **named):
        """One act of a person, in its transaction."""
        async with self.databases[service].transaction() as connection:
            return await use_case(connection, *arguments, self.now, **named)

    async def student_acts(self, use_case, request_id, emplid, *arguments):
        async with unit_of_work(self.databases["intake"], self.now) as work:
            await use_case(work, request_id, visitor(emplid), *arguments)

    async def die_after_claim(self):
        """A worker that claims what is due and is never heard of again."""
        return len(await claim_checks(self.databases["enrollment_sync"], self.now, 8))

    # What a test sees

    async def rows(self, service, query, *values):
        async with self.databases[service].connection() as connection:
            return [dict(row) for row in await connection.fetch(query, *values)]

    def told(self, kind):
        """The events of a kind that reached the network, each once, oldest first."""
        records = [record for lane in self.lanes.values() for record in lane.records]
        envelopes = {
            record.headers["ce_id"]: decode(record.headers, record.value)
            for record in records
            if record.headers["ce_type"] == kind.TYPE
        }
        return list(envelopes.values())


async def prepare(dsn, documents):
    """The schemas, and a request of each student that lacks nothing but the agreement; returns the request ids."""
    for service in SERVICES:
        await migrate(dsn, service, Path(f"services/{service.replace('_', '-')}/migrations"))
    database = Database(PostgresSettings(dsn=SecretStr(dsn)), "intake", "tests")
    await database.open()
    async with DocumentReaders(seconds=PATIENT) as readers:
        uploads = Uploads(DocumentStore.at(documents), readers, NoScanner())
        requests = {emplid: await _with_papers(database, uploads, emplid) for emplid in STUDENTS}
    await database.close()
    return requests


async def _with_papers(database, uploads, emplid):
    person = visitor(emplid)
    body = ApplicationBody.model_validate(an_application())
    answer = await submit_request(database, SpireDirectory("", ""), person, f"key-{emplid}", body, START)
    papers = (("offer_letter", None), ("handshake_contract", None), ("enrollment_proof", TERM))
    for kind, strm in papers:
        upload = Upload(kind, strm, f"{kind}.pdf", chunks(a_letter()))
        await receive_document(database, uploads, answer["request_id"], person, upload, START)
    return answer["request_id"]
