"""Every record is processed, parked, ignored or a duplicate, and its effects commit once (P31, P33–P35)."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from cpt.contracts.intake import AgreementLost
from cpt.messaging import Consumer, Reject, Retry
from cpt.messaging.bounds import DeliveryLimits, is_full
from cpt.messaging.delivery import Delivery
from cpt.messaging.errors import BudgetSpent
from cpt.messaging.outbox import sql
from cpt.messaging.parking import NotParked, list_parked, show_parked
from cpt.messaging.record import read_record
from cpt.messaging.replay import discard, replay
from cpt.messaging.traffic import show_traffic
from tests.messages import a_record, an_event

SPENT = DeliveryLimits(budget=0.0)
"""No second try, so that no test waits for a budget or depends on what fits into it."""


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
            raise Reject("the rule refuses it")
        if envelope.event.why == "wait":
            raise Retry("not yet")
        if envelope.event.why == "crash":
            raise RuntimeError("emplid 30012345 must not be shown")

    return consumer


@pytest.fixture
def deliver(consumer, messaging_database):
    return Delivery(consumer, messaging_database)


async def test_what_the_worker_heard_of_the_broker_is_told_by_topic(messaging_database):
    """docs/architecture.md: the web process, which holds no Kafka client, tells how much waits and since when nothing was heard."""
    async with messaging_database.connection() as connection:
        for waiting in ([5, 1, 0], [4, 0, 0]):
            topics = ["cpt.intake", "cpt.intake", "cpt.enrollment"]
            await connection.execute(sql.record_lag, "review", topics, [0, 1, 0], waiting)
        await connection.execute(
            "UPDATE lag SET heard_at = heard_at - interval '5 minutes' WHERE topic = 'cpt.enrollment'"
        )
        await connection.execute(sql.record_lag, "another", ["cpt.intake"], [0], [9])

    traffic = await show_traffic(messaging_database, "review")

    assert {one["topic"]: one["lag"] for one in traffic["topics"]} == {"cpt.enrollment": 0, "cpt.intake": 4}
    assert (traffic["lag"], round(traffic["silent_seconds"], -1)) == (4, 300)


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
        (dict(value=b'{"round": "x"}'), "data.request_id: Field required; data.round: "),
        (dict(id=None, time=None), "id: This attribute is required; time: This attribute is required"),
        (dict(time="yesterday"), "time: Not a time"),
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


async def test_a_message_is_parked_by_the_clock_of_its_process(consumer, deliver, messaging_database):
    """P33: where a demonstration's clock is another, alarms and lists tell that time, and the bound counts by it."""
    then = datetime(2026, 9, 8, 14, tzinfo=UTC)
    consumer.now = lambda: then
    await deliver([a_record(an_event("a", "refuse"))])

    (parked,) = await list_parked(messaging_database, "review")
    assert parked["first_at"] == then
    async with messaging_database.connection() as connection:
        bounds = [DeliveryLimits(parked=1, few=1), DeliveryLimits(parked=2, few=2)]
        assert [await is_full(connection, consumer, bound) for bound in bounds] == [True, False]


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

    with pytest.raises(Reject):
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


async def test_an_act_holds_also_where_a_message_behind_it_fails(deliver, consumer, messaging_database):
    """P33: what fails is the next that a person decides, and no fault of the act before it."""
    await deliver([a_record(an_event("a", why)) for why in ("refuse", "refuse", "third")])
    (parked,) = await list_parked(messaging_database, "review")

    assert await discard(messaging_database, consumer, parked["id"], "operator") == 0

    (next_one,) = await list_parked(messaging_database, "review")
    assert (next_one["attempts"], next_one["waiting_behind"]) == (1, 1)


async def test_an_event_of_a_foreign_source_is_parked_whatever_it_says(deliver, messaging_database):
    """docs/connect.md: the record never holds a sender who did not send it."""
    await deliver([a_record(an_event("a", "forged"), source="/somewhere/else")])

    (parked,) = await list_parked(messaging_database, "review")
    assert "source: Events of this type have the source" in parked["reason"]
    assert await effects(messaging_database) == []


async def test_a_waiting_message_cannot_be_replayed_before_the_first_of_its_key(deliver, consumer, messaging_database):
    await deliver([a_record(an_event("a", "refuse")), a_record(an_event("a", "next"))])
    (parked,) = await list_parked(messaging_database, "review")

    with pytest.raises(NotParked, match="waits behind"):
        await replay(messaging_database, consumer, parked["id"] + 1, "operator")


async def test_a_passing_failure_ends_the_delivery_with_the_finished_prefix(consumer, messaging_database):
    """P34: what was done counts, the rest comes again; nothing is parked."""
    deliver = Delivery(consumer, messaging_database, SPENT)
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
    deliver = Delivery(consumer, messaging_database, replace(SPENT, parked=3, window=timedelta(minutes=1)))

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
    """docs/connect.md: unreadable and without a key, it holds back nobody."""
    bad = replace(a_record(value=b"?"), key=None)
    await deliver([bad, replace(a_record(an_event("a", "a")), key=None)])

    assert await effects(messaging_database) == ["a"]
    assert len(await list_parked(messaging_database, "review")) == 1


async def test_every_consumed_record_has_one_fate_and_a_redelivery_changes_no_count(deliver, messaging_database):
    """P35, promise 12: consumed = processed + parked + ignored + duplicates, however often the records come."""
    records = [
        a_record(an_event("a", "a"), offset=0, event_id="e0"),
        a_record(an_event("b", "refuse"), offset=1),
        a_record(an_event("b", "waits"), offset=2),
        a_record(type="edu.umass.cpt.something-new.v1", offset=3),
        a_record(an_event("c"), value=b"?", offset=4),
        a_record(an_event("a", "a"), offset=5, event_id="e0"),
    ]
    for batch in (records[:3], records, records[4:], records):
        await deliver(batch)

    assert await consumed(messaging_database) == dict(processed=1, parked=3, ignored=1, duplicates=1, redelivered=11)
    async with messaging_database.connection() as connection:
        assert await connection.fetchval("SELECT reached FROM progress") == 5


async def test_a_count_commits_with_the_effects_or_not_at_all(consumer, messaging_database):
    """P35: in the same transaction."""
    with pytest.raises(BudgetSpent):
        await Delivery(consumer, messaging_database, SPENT)([a_record(an_event("a", "wait"))])

    assert sum((await consumed(messaging_database)).values()) == 0


async def test_two_owners_of_a_partition_count_a_record_once(consumer, messaging_database):
    """P35: the lower offset is a redelivery for whoever comes second, also of a partition that was never counted."""
    records = [a_record(an_event(f"r{n}", f"{n}"), offset=n) for n in range(20)]

    await asyncio.gather(*(Delivery(consumer, messaging_database)(records) for _ in range(3)))

    assert await consumed(messaging_database) == dict(processed=20, parked=0, ignored=0, duplicates=0, redelivered=40)


async def test_few_parked_messages_stop_the_consumer_when_they_are_most_of_all(consumer, messaging_database):
    """Issue 5, part 5: bounded by share; what goes well beside them lifts the bound, and so does a decision."""
    limits = replace(SPENT, few=3, share=0.5, window=timedelta(minutes=1))
    deliver = Delivery(consumer, messaging_database, limits)

    with pytest.raises(BudgetSpent):
        await deliver([a_record(an_event(f"r{n}", "refuse")) for n in range(5)])
    assert await deliver.full()

    await deliver([a_record(an_event(f"good{n}", "good")) for n in range(3)])
    assert not await deliver.full()


async def test_a_decision_about_a_message_frees_the_bound(consumer, messaging_database):
    deliver = Delivery(consumer, messaging_database, DeliveryLimits(parked=1))
    await deliver([a_record(an_event("a", "refuse"))])
    assert await deliver.full()

    await discard(messaging_database, consumer, (await list_parked(messaging_database, "review"))[0]["id"], "operator")
    assert not await deliver.full()


async def test_reading_replaying_and_discarding_are_in_the_audit_record(deliver, consumer, messaging_database):
    """Issue 5, part 5: who and why, with the message's id and never its content."""
    await deliver([a_record(an_event(key, "refuse"), event_id=key) for key in "ab"])
    first, second = [row["id"] for row in await list_parked(messaging_database, "review")]
    consumer.mended = True

    shown = await show_parked(messaging_database, consumer, first, "olga")
    await replay(messaging_database, consumer, first, "olga", "the rule was mended")
    await discard(messaging_database, consumer, second, "omar", "sent by mistake")

    assert (shown["reason"], '"why":"refuse"' in shown["payload"]) == ("the rule refuses it", True)
    async with messaging_database.connection() as connection:
        kept = await connection.fetch("SELECT actor, action, subject, detail FROM audit ORDER BY id")
    assert [(row["actor"], row["action"], row["subject"], row["detail"].get("reason")) for row in kept] == [
        ("olga", "message_read", f"parked:{first}", None),
        ("olga", "message_replayed", f"parked:{first}", "the rule was mended"),
        ("omar", "message_discarded", f"parked:{second}", "sent by mistake"),
    ]


async def test_a_key_or_header_with_a_nul_does_not_stop_the_partition(deliver, messaging_database):
    """Case 67: PostgreSQL keeps no NUL, so such a message could be neither handled nor parked."""
    good, bad = a_record(an_event("a", "a")), a_record(an_event("b", "b"), value=b"?")
    raw = [(name, value.encode()) for name, value in bad.headers.items()]
    hostile = SimpleNamespace(
        topic=bad.topic, partition=0, offset=bad.offset, timestamp=1, key=b"b\0", value=b"?",
        headers=[*raw, ("ce_ext", b"\0"), ("ce_\0", b"x")],
    )  # fmt: skip

    await deliver([read_record(hostile), good])

    assert await effects(messaging_database) == ["a"]
    assert [row["key"] for row in await list_parked(messaging_database, "review")] == [None]
