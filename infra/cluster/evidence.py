"""What must hold when all is quiet again: nothing lost, nothing parked, every event in its order, the line gapless."""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import product
from pathlib import Path
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from infra.demo.office import eventually
from infra.devstack.databases import SERVICES

OWN_TOPICS = ("cpt.intake", "cpt.enrollment", "cpt.review", "cpt.notifier")
SHARED_OUT = re.compile(r"Stabilized group (\S+) generation (\d+)")
QUIET_SECONDS = 120.0
PARTITIONS = 6


async def quiet(dsn: str, requests: Iterable[str]) -> None:
    """Every request has its number, review has heard of each, and no outbox holds anything. Raises Unexpected."""
    wanted = sorted(requests)
    connection = await asyncpg.connect(dsn)

    async def settled() -> bool:
        drawn = "SELECT count(DISTINCT request_id) FROM intake.receipt_number WHERE request_id = ANY($1)"
        heard = "SELECT count(*) FROM review.number WHERE request_id = ANY($1)"
        waiting = [await _count(connection, schema, "outbox") for schema in SERVICES]
        counts = [await connection.fetchval(query, wanted) for query in (drawn, heard)]
        return counts == [len(wanted)] * 2 and not any(waiting)

    try:
        await eventually("every request in its place in line", settled, QUIET_SECONDS)
    finally:
        await connection.close()


async def faults(dsn: str) -> list[str]:
    """What is not as it must be, in words; read by an administrator, since no service sees another's tables."""
    connection = await asyncpg.connect(dsn)
    try:
        found = []
        for schema, table in product(SERVICES, ("parked", "outbox_quarantine")):
            if count := await _count(connection, schema, table):
                found.append(f"{schema}.{table} holds {count}")
        numbers = [row["number"] for row in await connection.fetch("SELECT number FROM intake.receipt_number")]
        arrived = [row[0] for row in await connection.fetch("SELECT receipt_number FROM review.number")]
    finally:
        await connection.close()
    if sorted(numbers) != list(range(1, len(numbers) + 1)):
        found.append("receipt numbers have a gap")
    if sorted(arrived) != sorted(numbers):
        found.append(f"intake gave {len(numbers)} numbers and review has {len(arrived)}")
    return found


async def _count(connection: "asyncpg.Connection[asyncpg.Record]", schema: str, table: str) -> int:
    return int(await connection.fetchval(f"SELECT count(*) FROM {schema}.{table}"))  # noqa: S608 names of our own


async def out_of_order(bootstrap: str) -> tuple[int, int, list[str]]:
    """Events, repetitions, and what came before its predecessor: per key, at the first coming of each event."""
    last: dict[tuple[str, bytes], int] = {}
    seen: Counter[str] = Counter()
    wrong = []
    for topic, key, headers in await _everything(bootstrap):
        event, sequence = headers["ce_id"], int(headers["ce_sequence"])
        seen[event] += 1
        if seen[event] == 1:
            if sequence < last.get((topic, key), 0):
                wrong.append(f"{topic} {headers['ce_type']} {sequence} after {last[topic, key]}")
            last[topic, key] = sequence
    return len(seen), seen.total() - len(seen), wrong


async def _everything(bootstrap: str) -> list[tuple[str, bytes, dict[str, Any]]]:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        places = [TopicPartition(t, p) for t in OWN_TOPICS for p in range(PARTITIONS)]
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        found = []
        await consumer.seek_to_beginning(*places)
        while any([await consumer.position(place) < ends[place] for place in places]):
            for place, records in (await consumer.getmany(timeout_ms=1000)).items():
                found += [(place.topic, r.key, {name: value.decode() for name, value in r.headers}) for r in records]
        return found
    finally:
        await consumer.stop()


def generations(log: Path) -> dict[str, int]:
    """How often each group has shared out its partitions so far, as the broker tells it."""
    latest = {}
    for group, generation in SHARED_OUT.findall(log.read_text(errors="replace")):
        latest[group] = int(generation)
    return latest
