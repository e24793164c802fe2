"""The floor: one hand-written loop that takes each batch with the fewest statements that keep the same tables.

It locks, claims, reads and writes what enrollment-sync does, set by set, and decides nothing. No product code runs.
"""

import json
import os
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import asyncpg
import uvloop
from aiokafka import AIOKafkaConsumer, TopicPartition

READS = (
    "SELECT * FROM watch WHERE emplid = ANY ($1::text[]) AND state = 'open'",
    "SELECT * FROM student WHERE emplid = ANY ($1::text[])",
    "SELECT * FROM enrollment_row WHERE emplid = ANY ($1::text[])",
    "SELECT * FROM term_withdrawal WHERE emplid = ANY ($1::text[])",
    "SELECT * FROM term_floor WHERE emplid = ANY ($1::text[])",
    "SELECT request_id FROM loss_hit JOIN watch USING (request_id) WHERE emplid = ANY ($1::text[]) AND NOT regained",
)
CLAIM = """INSERT INTO inbox (consumer, source, event_id) SELECT 'floor', * FROM unnest($1::text[], $2::text[])
           ON CONFLICT DO NOTHING"""
KEEP = """INSERT INTO registrar_event (source, event_id, emplid, type, strm, class_nbr, source_seq, happened_at,
              received_at, applied, data) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now(), true, $9)"""
ROW = """UPDATE enrollment_row SET units = $3, status = $4, effective_dt = $5, source_seq = $6, origin = $7
          WHERE emplid = $1 AND acad_career = 'GRAD' AND institution = 'UMAMH' AND strm = '1267' AND class_nbr = $2"""
STUDENT = """UPDATE student s SET source_seq = greatest(s.source_seq, told.seq), version = version + 1
               FROM unnest($1::text[], $2::bigint[]) AS told (emplid, seq) WHERE s.emplid = told.emplid"""
PROGRESS = """INSERT INTO progress AS p (consumer, topic, partition, reached, processed)
              SELECT 'floor', 'campus.enrollment', * FROM unnest($1::int[], $2::bigint[], $3::bigint[])
              ON CONFLICT (consumer, topic, partition) DO UPDATE
                 SET reached = excluded.reached, processed = p.processed + excluded.processed"""


async def main() -> None:
    connection = await asyncpg.connect(
        os.environ["CPT_POSTGRES__DSN"], server_settings={"search_path": "enrollment_sync"}
    )
    consumer = AIOKafkaConsumer(
        "campus.enrollment",
        bootstrap_servers=os.environ["CPT_KAFKA__BOOTSTRAP_SERVERS"],
        group_id="floor",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    while True:
        batches = await consumer.getmany(timeout_ms=10, max_records=500)
        records = [record for batch in batches.values() for record in batch]
        if records:
            async with connection.transaction():
                await _take(connection, records)
                await _count(connection, batches)
            await consumer.commit({place: batch[-1].offset + 1 for place, batch in batches.items()})


async def _take(connection: "asyncpg.Connection[asyncpg.Record]", records: Sequence[Any]) -> None:
    told = [(dict(record.headers), json.loads(record.value)) for record in records]
    emplids = sorted({body["emplid"] for _, body in told})
    await connection.fetch("SELECT emplid FROM watch WHERE emplid = ANY ($1::text[]) AND state = 'open'", emplids)
    await connection.fetch("SELECT 1 FROM parked_key WHERE key = ANY ($1::text[]) FOR UPDATE", emplids)
    sources = [headers["ce_source"].decode() for headers, _ in told]
    ids = [headers["ce_id"].decode() for headers, _ in told]
    await connection.execute(CLAIM, sources, ids)
    await connection.fetch("SELECT 1 FROM student WHERE emplid = ANY ($1::text[]) ORDER BY emplid FOR UPDATE", emplids)
    for read in READS:
        await connection.fetch(read, emplids)
    evidence, latest = [], {}
    for (headers, body), source, event_id in zip(told, sources, ids, strict=True):
        time = datetime.fromisoformat(headers["ce_time"].decode())
        kind, seq = headers["ce_type"].decode(), body["source_seq"]
        evidence.append(
            (source, event_id, body["emplid"], kind, body["strm"], body["class_nbr"], seq, time, json.dumps(body))
        )
        latest[body["emplid"], body["class_nbr"]] = (
            Decimal(body["units"]), body["current"]["status"], date.fromisoformat(body["effective_dt"]), seq, "{}"
        )  # fmt: skip
    await connection.executemany(KEEP, evidence)
    await connection.executemany(ROW, [(*key, *row) for key, row in latest.items()])
    await connection.execute(STUDENT, [key[0] for key in latest], [row[3] for row in latest.values()])


async def _count(
    connection: "asyncpg.Connection[asyncpg.Record]", batches: dict[TopicPartition, Sequence[Any]]
) -> None:
    places = sorted(batches, key=lambda place: place.partition)
    reached = [batches[place][-1].offset for place in places]
    counts = [len(batches[place]) for place in places]
    await connection.execute(PROGRESS, [place.partition for place in places], reached, counts)


if __name__ == "__main__":
    uvloop.run(main())
