"""What became of a campus event, told by its id (P31–P33, P35, P36, case 58)."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from cpt.contracts.campus import AgreementChanged
from cpt.messaging import Consumer, Reject, append_campus_event
from cpt.messaging.delivery import Delivery
from cpt.messaging.outbox import sql
from cpt.messaging.parking import list_parked
from cpt.messaging.quarantine import discard_quarantined
from cpt.messaging.receipts import RecordPlace, find_receipt, note_sent
from cpt.messaging.replay import discard, replay
from cpt.runtime.upkeep import INBOX_KEPT, prune_messages
from tests.campus_events import an_example, as_record, changed, saying

TOPIC, SOURCE, ANA, BEN = "campus.agreement", "/handshake/experiences", "30012345", "30054321"


class Desk:
    """One consumer of agreements, that watches Ana alone and refuses what is declined until it is mended."""

    def __init__(self, database):
        self.database, self.consumer, self.mended, self._next = database, Consumer("intake"), False, 0

        @self.consumer.on(AgreementChanged)
        async def take(_connection, envelope):
            if envelope.event.status == "declined" and not self.mended:
                raise Reject("the rule refuses it")

        @self.consumer.relevant(TOPIC)
        async def watched(_connection, keys):
            return {key for key in keys if key == ANA}

    async def comes(self, event_id, *, key=ANA, **data):
        """Over Kafka; returns where."""
        event = saying(changed(an_example("approval"), id=event_id), **data)
        record = as_record(event, TOPIC, key, self._next)
        self._next += 1
        await Delivery(self.consumer, self.database)([record])
        return RecordPlace(record.partition, record.offset)

    async def is_sent(self, event_id):
        """Over HTTP, until it is in the outbox."""
        event = changed(an_example("approval"), id=event_id)
        record = as_record(event, TOPIC, ANA, 0)
        async with self.database.transaction() as connection:
            await append_campus_event(
                connection, topic=TOPIC, key=ANA, event_id=event_id, headers=record.headers, payload=record.value
            )
        return record

    async def leaves(self, offset):
        """What the relay does with what the outbox holds."""
        async with self.database.transaction() as connection:
            rows = await connection.fetch(sql.next_to_relay, 200)
            await note_sent(connection, rows, [SimpleNamespace(partition=0, offset=offset) for _ in rows])
            await connection.execute(sql.delete_relayed, [row["seq"] for row in rows])

    async def receipt(self, event_id, place=None, source=SOURCE):
        return await find_receipt(self.database, "intake", TOPIC, source, event_id, place)

    async def state(self, event_id, place=None):
        return (await self.receipt(event_id, place)).state


@pytest.fixture
def desk(messaging_database):
    return Desk(messaging_database)


@pytest.mark.parametrize("event_id", ["e1", "a/b?c=d&e#f%20 é 漢", "x" * 500])
async def test_an_event_over_http_is_accepted_then_sent_then_processed(desk, event_id):
    """P36: the relay notes where the broker put it."""
    record = await desk.is_sent(event_id)
    assert await desk.state(event_id) == "accepted"
    await desk.leaves(offset=5)
    assert await desk.state(event_id) == "sent"

    await Delivery(desk.consumer, desk.database)([replace(record, offset=5)])

    assert await desk.state(event_id) == "processed"
    await desk.is_sent(event_id)
    assert await desk.state(event_id) == "processed", "a copy on its way takes nothing back"


async def test_an_event_over_http_without_an_effect_is_ignored_once_the_consumer_has_passed_its_place(desk):
    """Case 58, P35: nothing is kept of it but its id, and no row for each ignored event."""
    record = replace(await desk.is_sent("e1"), key=BEN, offset=5)
    await desk.leaves(offset=5)
    assert await desk.state("e1") == "sent"

    await Delivery(desk.consumer, desk.database)([record])

    assert await desk.state("e1") == "ignored"
    async with desk.database.connection() as connection:
        kept = dict(await connection.fetchrow("SELECT * FROM accepted_event"))
    assert set(kept) == {"source", "event_id", "accepted_at", "sent_at", "partition", "kafka_offset"}


async def test_an_event_over_kafka_without_an_effect_leaves_no_row_and_its_place_tells(desk):
    """Case 58: unknown by its id alone."""
    place = await desk.comes("e1", key=BEN)

    assert await desk.state("e1") == "unknown"
    assert await desk.state("e1", place) == "ignored"
    assert await desk.state("e2", RecordPlace(0, place.offset + 1)) == "sent"
    async with desk.database.connection() as connection:
        for table in ("inbox", "accepted_event", "parked"):
            assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0


async def test_a_parked_event_says_why_and_one_behind_it_what_it_waits_for(desk):
    """P33."""
    await desk.comes("bad", start_date="2027-01-01")
    await desk.comes("next")

    parked, waiting = await desk.receipt("bad"), await desk.receipt("next")

    assert (parked.state, parked.reason) == ("parked", "data.end_date: is before start_date")
    assert (waiting.state, waiting.behind) == ("waiting", "bad")
    assert parked.at is not None


async def test_what_operations_decide_shows(desk):
    """P33: discarding claims the id; a replay takes effect."""
    await desk.comes("one", status="declined")
    await desk.comes("two", status="declined")
    await desk.comes("three")
    (first,) = await list_parked(desk.database, "intake")
    await discard(desk.database, desk.consumer, first["id"], "olga")
    assert [await desk.state(event_id) for event_id in ("one", "two", "three")] == ["discarded", "parked", "waiting"]

    desk.mended = True
    (second,) = await list_parked(desk.database, "intake")
    await replay(desk.database, desk.consumer, second["id"], "olga")

    assert [await desk.state(event_id) for event_id in ("one", "two", "three")] == [
        "discarded",
        "processed",
        "processed",
    ]


async def test_a_copy_that_waits_does_not_hide_that_the_first_took_effect(desk):
    """P31."""
    await desk.comes("e1")
    await desk.comes("bad", status="declined")
    await desk.comes("e1")

    assert await desk.state("e1") == "processed"


async def test_an_event_that_kafka_refused_is_held_until_operations_decide(desk):
    """P32."""
    await desk.is_sent("e1")
    async with desk.database.transaction() as connection:
        (row,) = await connection.fetch(sql.next_to_relay, 1)
        await connection.execute(sql.quarantine, row["seq"], "TopicAuthorizationFailedError")
    held = await desk.receipt("e1")
    assert (held.state, held.reason) == ("held", "TopicAuthorizationFailedError")

    await discard_quarantined(desk.database, Consumer("review"), row["seq"], "olga")

    assert await desk.state("e1") == "discarded"


@pytest.mark.parametrize("source", ["/cpt/review", "/spire/enrollment"])
async def test_events_of_other_topics_are_unknown_to_whoever_asks(desk, source):
    """Only the machine that owns that kind of event may ask: the inbox knows them all."""
    async with desk.database.transaction() as connection:
        await connection.execute(sql.claim, "intake", [source, "/handshake/test"], ["e1", "e1"])

    assert (await desk.receipt("e1", source=source)).state == "unknown"
    assert (await desk.receipt("e1", source="/handshake/test")).state == "processed"


async def test_receipts_are_forgotten_with_the_inbox(desk):
    await desk.is_sent("old")
    async with desk.database.transaction() as connection:
        await connection.execute("UPDATE accepted_event SET accepted_at = now() - $1::interval * 1.01", INBOX_KEPT)
    await desk.is_sent("new")

    assert await prune_messages(desk.database) == 1


async def test_a_parked_message_is_forgotten_once_decided_long_ago_and_never_before_a_person_decides(desk):
    """P33: it holds a student's data, whole."""
    for event_id in ("old", "new"):
        await desk.comes(event_id, status="declined")
        (decided,) = await list_parked(desk.database, "intake")
        await discard(desk.database, desk.consumer, decided["id"], "olga")
    await desk.comes("open", status="declined")
    async with desk.database.transaction() as connection:
        long_ago = "first_at = first_at - $1::interval * 2, decided_at = decided_at - $1::interval * 1.01"
        await connection.execute(f"UPDATE parked SET {long_ago} WHERE headers ->> 'ce_id' <> 'new'", INBOX_KEPT)

    await prune_messages(desk.database)

    async with desk.database.connection() as connection:
        kept = await connection.fetch("SELECT headers ->> 'ce_id' AS id, state FROM parked ORDER BY id")
    assert [tuple(row) for row in kept] == [("new", "discarded"), ("open", "parked")]


async def test_an_id_that_no_index_could_hold_parks_all_the_same(desk):
    """Over Kafka an id may be of any length."""
    await desk.comes("é" * 100_000)

    assert await desk.state("é" * 100_000) == "parked"
