"""Reads the evidence once: the client log, Kafka from the beginning, all schemas and the mail catcher."""

import asyncio
import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
from aiokafka import AIOKafkaConsumer, TopicPartition

from cpt.contracts.envelope import InvalidEnvelope, UnknownFact, decode
from infra.chaos.check.evidence import Evidence, Place, Published, Row
from infra.chaos.client_log import read_log

TOPICS = ("campus.enrollment", "campus.agreement", "cpt.intake", "cpt.enrollment", "cpt.review", "cpt.notifier")
PARTITIONS = 6  # infra/kafka/topics.yaml
MESSAGING = ("outbox", "outbox_quarantine", "inbox", "parked", "progress", "audit")
TABLES = {
    "intake": ("request", "receipt_number", "document", *MESSAGING),
    "enrollment_sync": ("watch", "enrollment_row", "evaluation", "loss", "due_check", *MESSAGING),
    "review": ("number", "line_log", "case_file", "authorization_issued", "alert", *MESSAGING),
    "notifier": ("notice", *MESSAGING),
}


async def gather(stack: Mapping[str, Any], log: Path, documents: Path) -> Evidence:
    records, ends = await read_kafka(stack["kafka"])
    async with httpx2.AsyncClient(timeout=30) as http:
        mails = (await http.get(f"{stack['campus']}/demo/mail")).json()
    tables = await _read_tables(stack["postgres"])
    return Evidence(read_log(log), records, ends, tables, mails, documents)


async def read_kafka(bootstrap: str) -> tuple[list[Published], dict[Place, int]]:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, auto_offset_reset="earliest")
    await consumer.start()
    try:
        places = [TopicPartition(t, p) for t in TOPICS for p in range(PARTITIONS)]
        ends = await consumer.end_offsets(places)
        wanted = [place for place in places if ends[place]]
        consumer.assign(wanted)
        found: list[Published] = []
        while any([await consumer.position(place) < ends[place] for place in wanted]):
            for batch in (await consumer.getmany(timeout_ms=500)).values():
                found += [_published(raw) for raw in batch]
    finally:
        with contextlib.suppress(asyncio.CancelledError):  # the client raises it for a task of its own
            await consumer.stop()
    found.sort(key=lambda record: (record.topic, record.partition, record.offset))
    return found, {(place.topic, place.partition): end for place, end in ends.items()}


def _published(raw: Any) -> Published:
    headers = {name: (value or b"").decode("utf-8", "replace") for name, value in raw.headers}
    key = raw.key.decode("utf-8", "replace") if raw.key is not None else None
    try:
        envelope = decode(headers, raw.value or b"")
    except (InvalidEnvelope, UnknownFact):
        envelope = None
    return Published(raw.topic, raw.partition, raw.offset, key, headers, envelope)


async def _read_tables(dsn: str) -> dict[tuple[str, str], list[Row]]:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads)
        return {
            (schema, table): [dict(row) for row in await connection.fetch(f"SELECT * FROM {schema}.{table}")]  # noqa: S608 names of ours
            for schema, tables in TABLES.items()
            for table in tables
        }
    finally:
        await connection.close()
