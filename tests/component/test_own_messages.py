"""Operations decide about messages, never about one that is about themselves (A31)."""

import pytest

from cpt.contracts.intake import AgreementLost
from cpt.messaging import Consumer, Reject
from cpt.messaging.delivery import Delivery
from cpt.messaging.outbox import append, sql
from cpt.messaging.own_message import OwnMessage
from cpt.messaging.parking import list_parked, show_parked
from cpt.messaging.quarantine import discard_quarantined, release_quarantined
from cpt.messaging.replay import discard, replay
from tests.messages import NOW, a_record, an_event

ME, COLLEAGUE = "josé", "olga"


@pytest.fixture
def consumer():
    """Refuses everything; the request `mine` is known to be mine."""
    consumer = Consumer("review")

    @consumer.about
    async def own(connection, key, sub):
        return (key, sub) == ("mine", ME)

    @consumer.on(AgreementLost)
    async def on_agreement_lost(connection, envelope):
        raise Reject("the rule refuses it")

    return consumer


async def audited(database):
    async with database.connection() as connection:
        rows = await connection.fetch("SELECT actor, action FROM audit ORDER BY id")
    return [(row["actor"], row["action"]) for row in rows]


ABOUT_ME = {"the key is mine": (ME, "x"), "the key is my request": ("mine", "x"), "it names me": ("r1", ME)}


@pytest.mark.parametrize(("key", "text"), ABOUT_ME.values(), ids=ABOUT_ME.keys())
async def test_a_parked_message_about_me_is_read_and_decided_by_a_colleague(consumer, messaging_database, key, text):
    """A31: neither shown nor replayed nor discarded by me; that I tried is kept; another may."""
    await Delivery(consumer, messaging_database)([a_record(an_event(key, text))])
    (parked,) = await list_parked(messaging_database, "review")

    for act in (show_parked, replay, discard):
        with pytest.raises(OwnMessage):
            await act(messaging_database, consumer, parked["id"], ME)
    assert await audited(messaging_database) == [(ME, "own_case_refused")] * 3

    await show_parked(messaging_database, consumer, parked["id"], COLLEAGUE)
    await discard(messaging_database, consumer, parked["id"], COLLEAGUE)
    assert await list_parked(messaging_database, "review") == []


@pytest.mark.parametrize("act", [release_quarantined, discard_quarantined])
async def test_an_event_about_me_that_kafka_refused_is_decided_by_a_colleague(consumer, messaging_database, act):
    """A31, P32."""
    async with messaging_database.transaction() as connection:
        await append(connection, an_event("mine", "x"), sequence=1, now=NOW)
        (row,) = await connection.fetch(sql.next_to_relay, 1)
        await connection.execute(sql.quarantine, row["seq"], "TopicAuthorizationFailedError")

    with pytest.raises(OwnMessage):
        await act(messaging_database, consumer, row["seq"], ME)
    assert await audited(messaging_database) == [(ME, "own_case_refused")]
    await act(messaging_database, consumer, row["seq"], COLLEAGUE)
