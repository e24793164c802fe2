"""The only way to publish: a row in the outbox, in the transaction of the change it tells about."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from uuid_utils import uuid7

from cpt.contracts.envelope import headers_of
from cpt.contracts.event import Event
from cpt.postgres import Connection, Queries
from cpt.tracing import carried

sql = Queries("cpt.messaging")


async def append(connection: Connection, event: Event, *, sequence: int, now: datetime) -> str:
    """Returns the event's id. Call it after the aggregate's row was locked; `sequence` is its raised version."""
    event_id = str(uuid7())
    running = carried()
    extra = {"traceparent": running} if running else {}
    headers = headers_of(event, event_id=event_id, time=now, sequence=sequence, extra=extra | event.extensions)
    payload = event.model_dump_json().encode()
    await connection.execute(sql.append_to_outbox, event_id, event.TOPIC, event.key, headers, payload)
    return event_id


async def append_campus_event(
    connection: Connection, *, topic: str, key: str, event_id: str, headers: Mapping[str, str], payload: bytes
) -> None:
    """A campus event that came over HTTP goes out as it came: same id, source, time and key (P36); its receipt begins."""
    source = headers["ce_source"]
    await connection.execute(sql.accept_campus_event, event_id, topic, key, dict(headers), payload, source)


class CampusRow(NamedTuple):
    """A campus event that is ready to leave; `headers` are those of Kafka's binary mode."""

    topic: str
    key: str
    event_id: str
    headers: Mapping[str, str]
    payload: bytes


async def append_campus_events(connection: Connection, rows: Sequence[CampusRow]) -> None:
    """Many at once, in their order."""
    if rows:
        sources = [row.headers["ce_source"] for row in rows]
        columns = [list(column) for column in zip(*rows, strict=True)]
        columns[3] = [dict(headers) for headers in columns[3]]
        await connection.execute(sql.accept_campus_events, *columns, sources)
