"""What every worker does for itself from time to time: it measures, and forgets old messages."""

from datetime import timedelta

from cpt.messaging.kafka import Subscription
from cpt.messaging.outbox import sql
from cpt.messaging.progress import OUTCOMES
from cpt.postgres import Database
from cpt.runtime import metrics

INBOX_KEPT = timedelta(days=30)


async def measure(database: Database, subscription: Subscription) -> int:
    """Always 0: there is never more to measure at once."""
    consumer, lag = subscription.delivery.consumer.name, subscription.lag()
    async with database.connection() as connection:
        outbox = await connection.fetchrow(sql.outbox_state)
        consumed = await connection.fetch(sql.consumed, consumer)
        gone = await connection.fetch(sql.records_gone, consumer)
        made_again = await connection.fetch(sql.topics_made_again, consumer)
        parked = await connection.fetch(sql.list_parked, consumer)
        topics, partitions = [topic for topic, _ in lag], [partition for _, partition in lag]
        await connection.execute(sql.record_lag, consumer, topics, partitions, list(lag.values()))
    assert outbox is not None
    metrics.OUTBOX_DEPTH.show(outbox["depth"])
    metrics.OUTBOX_AGE.show(outbox["age"])
    metrics.OUTBOX_QUARANTINED.show(outbox["quarantined"])
    metrics.PARKED_OPEN.show(len(parked))
    metrics.CONSUMER_LAG.show_all({(): sum(lag.values())} if subscription.membership.hears_all() else {})
    metrics.CONSUMER_SILENT.show(subscription.silent_seconds())
    metrics.RECORDS_GONE.show_all({(row["topic"],): row["records"] for row in gone})
    metrics.TOPICS_MADE_AGAIN.show(len(made_again))
    metrics.CONSUMED.show_all({(row["topic"], outcome): row[outcome] for row in consumed for outcome in OUTCOMES})
    return 0


async def prune_messages(database: Database) -> int:
    """How many rows were forgotten: ids, receipts, and parked messages that a person has decided."""
    forgotten = 0
    for query in (sql.prune_inbox, sql.prune_accepted, sql.prune_parked):
        async with database.transaction() as connection:
            status: str = await connection.execute(query, INBOX_KEPT)
        forgotten += int(status.rpartition(" ")[2])
    return forgotten
