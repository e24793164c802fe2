"""Every service tells what waits for a person in it, on real PostgreSQL."""

from datetime import timedelta

import pytest

from cpt.contracts.envelope import decode
from cpt.contracts.operations import NotifierMessagesWaiting
from cpt.messaging import Consumer
from cpt.messaging import waiting as module
from cpt.messaging.waiting import TellWaiting
from tests.authorization import parked_rows
from tests.messages import NOW


@pytest.fixture
def telling(messaging_database):
    return TellWaiting(messaging_database, Consumer("notifier", lambda: NOW), NotifierMessagesWaiting, lambda: NOW)


async def told(database):
    async with database.connection() as connection:
        rows = await connection.fetch("SELECT headers, payload FROM outbox ORDER BY seq")
    return [decode(row["headers"], row["payload"]).event for row in rows]


async def test_what_waits_is_told_when_it_changes_and_again_after_a_while(messaging_database, telling, monkeypatch):
    """P32, P33: each change once; a repetition says that somebody still tells."""
    await telling.step()
    await telling.step()
    async with messaging_database.transaction() as connection:
        for statement in parked_rows("notifier"):
            await connection.execute(statement)
    await telling.step()
    await telling.step()
    monkeypatch.setattr(module, "TELL_AT_LEAST", timedelta())
    await telling.step()

    nothing, waits, again = await told(messaging_database)
    assert (nothing.parked, nothing.parked_in_all, nothing.rejected) == ((), 0, 0)
    assert [(one.topic, one.reason, one.waiting_behind) for one in waits.parked] == [("cpt.review", "unreadable", 0)]
    assert (waits.parked_in_all, waits.rejected, again.parked) == (1, 1, waits.parked)


async def test_processes_whose_clocks_differ_tell_in_one_order(messaging_database):
    """P32: two of a service, or one that came back with another clock; the version rises all the same."""
    for minutes in (2, -2, 0):
        at = NOW + timedelta(minutes=minutes)
        consumer = Consumer("notifier", lambda at=at: at)
        await TellWaiting(messaging_database, consumer, NotifierMessagesWaiting, lambda at=at: at).step()

    async with messaging_database.connection() as connection:
        rows = await connection.fetch("SELECT headers ->> 'ce_sequence' AS version FROM outbox ORDER BY seq")
    versions = [int(row["version"]) for row in rows]
    assert versions == sorted(versions)
