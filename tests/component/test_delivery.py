"""Every record is processed, parked, ignored or a duplicate, and its effects commit once (P31, P33–P35)."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from cpt.contracts.intake import AgreementLost
from cpt.messaging import Consumer, NeverAgain, TryAgain
from cpt.messaging.delivery import Delivery, Limits
from cpt.messaging.errors import BudgetSpent
from cpt.messaging.outbox import sql
from cpt.messaging.parking import NotParked, discard, list_parked, replay
from tests.messages import a_record, an_event

QUICK = Limits(budget=1.0)


@pytest.fixture
def consumer():
    """Writes down what it handles; obeys `why`: refuse, wait, crash."""
    consumer = Consumer("review")
    consumer.mended = False

    @consumer.on(AgreementLost)
    async def on_agreement_lost(connection, envelope):
        await connection.execute("INSERT INTO effect (what) VALUES ($1)", envelope.event.why)
        if consumer.mended:
            return
        if envelope.event.why == "refuse":
            raise NeverAgain("the rule refuses it")
        if envelope.event.why == "wait":
            raise TryAgain("not yet")
        if envelope.event.why == "crash":
            raise RuntimeError("emplid 30012345 must not be shown")

    return consumer


@pytest.fixture
def deliver(consumer, messaging_database):
    return Delivery(consumer, messaging_database, QUICK)


async def effects(database):
    async with database.connection() as connection:
        return [row["what"] for row in await connection.fetch("SELECT what FROM effect ORDER BY at")]


async def consumed(database):
    async with database.connection() as connection:
        rows = await connection.fetch(sql.consumed, "review")
    return {
        key: sum(row[key] for row in rows) for key in ("processed", "parked", "ignored", "duplicates", "redelivered")
    }


async def test_a_batch_takes_effect_in_order(deliver, messaging_database):
    await deliver([a_record(an_event(f"r{n}", f"{n}")) for n in range(5)])

    assert await effects(messaging_database) == ["0", "1", "2", "3", "4"]
    assert (await consumed(messaging_database))["processed"] == 5


async def test_the_same_event_twice_has_one_effect(deliver, messaging_database):
    """P31: in one batch, in a later batch, and again from the same offset."""
    record = a_record(an_event(why="once"), event_id="e1")
    again = a_record(an_event(why="once"), event_id="e1")

    await deliver([record, again])
    await deliver([a_record(an_event(why="once"), event_id="e1")])
    await deliver([record])

    assert await effects(messaging_database) == ["once"]
    assert await consumed(messaging_database) == dict(processed=1, parked=0, ignored=0, duplicates=2, redelivered=1)


async def test_two_consumers_at_once_have_one_effect(consumer, messaging_database):
    """P31: a partition that moved while its old owner still works."""
    record = a_record(an_event(why="once"), event_id="e1")

    await asyncio.gather(*(Delivery(consumer, messaging_database)([record]) for _ in range(5)))

    assert await effects(messaging_database) == ["once"]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (dict(value=b"\xff{"), "Invalid JSON"),
        (dict(value=b""), "Invalid JSON"),
        (dict(value=b'{"round": "x"}'), "request_id: Field required; round: "),
        (dict(id=None, time=None), "missing header ce_id, ce_time"),
        (dict(time="yesterday"), "valid datetime"),
        (dict(type="edu.umass.cpt.agreement-lost.v9"), "unknown type"),
        (dict(type="com.example.something.v1"), "unknown type"),
    ],
)
async def test_an_unreadable_message_is_parked_and_the_others_go_on(deliver, messaging_database, broken, reason):
    await deliver([a_record(an_event("a", "a")), a_record(an_event("b"), **broken), a_record(an_event("c", "c"))])

    (parked,) = await list_parked(messaging_database, "review")
    assert reason in parked["reason"]
    assert await effects(messaging_database) == ["a", "c"]
    assert await consumed(messaging_database) == dict(processed=2, parked=1, ignored=0, duplicates=0, redelivered=0)


async def test_a_fact_nobody_has_heard_of_is_ignored_and_counted(deliver, messaging_database):
    await deliver([a_record(type="edu.umass.cpt.something-new.v1")])

    assert (await consumed(messaging_database))["ignored"] == 1


async def test_a_refused_message_leaves_no_half_effect(deliver, messaging_database):
    await deliver([a_record(an_event("a", "refuse")), a_record(an_event("b", "b"))])

    assert await effects(messaging_database) == ["b"]
    assert [p["reason"] for p in await list_parked(messaging_database, "review")] == ["the rule refuses it"]


async def test_an_unknown_exception_is_tried_three_times_and_parked_without_its_text(deliver, messaging_database):
    await deliver([a_record(an_event("a", "crash"))])

    (parked,) = await list_parked(messaging_database, "review")
    assert (parked["reason"], parked["attempts"]) == ("RuntimeError", 3)


async def test_later_messages_of_a_parked_key_wait_and_other_keys_go_on(deliver, messaging_database):
    """P33, case 67."""
    await deliver([a_record(an_event("a", "refuse"))])
    await deliver([a_record(an_event("a", "later")), a_record(an_event("b", "b"))])

    (parked,) = await list_parked(messaging_database, "review")
    assert parked["waiting_behind"] == 1
    assert await effects(messaging_database) == ["b"]


async def test_replay_runs_the_message_and_those_behind_it_in_order(deliver, consumer, messaging_database):
    await deliver([a_record(an_event("a", why)) for why in ("refuse", "second", "third")])
    (parked,) = await list_parked(messaging_database, "review")
    consumer.mended = True

    assert await replay(messaging_database, consumer, parked["id"], "operator") == 3

    await deliver([a_record(an_event("a", "fourth"))])
    assert await effects(messaging_database) == ["refuse", "second", "third", "fourth"]
    assert await list_parked(messaging_database, "review") == []


async def test_a_replay_that_fails_again_keeps_the_message_and_counts(deliver, consumer, messaging_database):
    await deliver([a_record(an_event("a", "refuse"))])
    (parked,) = await list_parked(messaging_database, "review")

    with pytest.raises(NeverAgain):
        await replay(messaging_database, consumer, parked["id"], "operator")

    assert [p["attempts"] for p in await list_parked(messaging_database, "review")] == [2]


async def test_discarding_frees_the_key_and_no_later_copy_is_handled(deliver, consumer, messaging_database):
    """P33."""
    await deliver([a_record(an_event("a", "refuse"), event_id="bad"), a_record(an_event("a", "next"))])
    (parked,) = await list_parked(messaging_database, "review")

    await discard(messaging_database, consumer, parked["id"], "operator")
    await deliver([a_record(an_event("a", "refuse"), event_id="bad")])

    assert await effects(messaging_database) == ["next"]
    assert await list_parked(messaging_database, "review") == []


async def test_a_waiting_message_cannot_be_replayed_before_the_first_of_its_key(deliver, consumer, messaging_database):
    await deliver([a_record(an_event("a", "refuse")), a_record(an_event("a", "next"))])
    (parked,) = await list_parked(messaging_database, "review")

    with pytest.raises(NotParked, match="waits behind"):
        await replay(messaging_database, consumer, parked["id"] + 1, "operator")


async def test_a_passing_failure_ends_the_delivery_with_the_finished_prefix(deliver, messaging_database):
    """P34: what was done counts, the rest comes again; nothing is parked."""
    records = [a_record(an_event("a", "a"), offset=7), a_record(an_event("b", "wait"), offset=8), a_record(offset=9)]

    with pytest.raises(BudgetSpent) as spent:
        await deliver(records)

    assert spent.value.finished == {("cpt.intake", 0): 8}
    assert await effects(messaging_database) == ["a"]
    assert await list_parked(messaging_database, "review") == []


async def test_a_record_parked_and_delivered_again_is_parked_once(deliver, messaging_database):
    record = a_record(an_event("a", "refuse"))

    await deliver([record])
    await deliver([record])

    assert [p["waiting_behind"] for p in await list_parked(messaging_database, "review")] == [0]


async def test_too_many_parked_messages_stop_the_consumer(consumer, messaging_database):
    """A bad deployment must not park a whole topic."""
    deliver = Delivery(consumer, messaging_database, Limits(budget=0.5, parked=3, window=timedelta(minutes=1)))

    with pytest.raises(BudgetSpent):
        await deliver([a_record(an_event(f"r{n}", "refuse")) for n in range(5)])

    assert len(await list_parked(messaging_database, "review")) == 3
    assert await deliver.full()


async def test_records_nobody_here_cares_for_are_dropped_before_the_inbox_and_counted(consumer, messaging_database):
    """Case 58: even an unreadable one; nothing of it is kept."""

    @consumer.relevant("cpt.intake")
    async def watched(connection, keys):
        return {key for key in keys if key == "mine"}

    deliver = Delivery(consumer, messaging_database)
    await deliver(
        [a_record(an_event("mine", "mine")), a_record(an_event("other"), value=b"?"), a_record(an_event("x"))]
    )

    assert await effects(messaging_database) == ["mine"]
    assert await consumed(messaging_database) == dict(processed=1, parked=0, ignored=2, duplicates=0, redelivered=0)
    assert await list_parked(messaging_database, "review") == []


async def test_a_message_without_a_key_is_parked_alone(deliver, messaging_database):
    """Interfaces §4: unreadable and without a key, it holds back nobody."""
    bad = replace(a_record(value=b"?"), key=None)
    await deliver([bad, replace(a_record(an_event("a", "a")), key=None)])

    assert await effects(messaging_database) == ["a"]
    assert len(await list_parked(messaging_database, "review")) == 1
