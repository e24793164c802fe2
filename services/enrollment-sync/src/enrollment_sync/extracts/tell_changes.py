"""Changed rows → the events and rows of one transaction: the one way in for extracts and for messages.

The events leave by the outbox, as those that come over HTTP do, and are read from Kafka as every other one (P36).
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from uuid_utils import uuid7

from cpt.contracts.campus import EnrollmentChanged
from cpt.messaging import CampusRow, append_campus_events
from cpt.postgres import Connection
from enrollment_sync.due import make_check_due
from enrollment_sync.extracts.changes import Change, event_of, in_order
from enrollment_sync.extracts.fields import Key, Record
from enrollment_sync.extracts.store import in_parts, put_rows, remove_rows, standing_withdrawals
from enrollment_sync.extracts.store import sql as extracts_sql
from enrollment_sync.store import sql


@dataclass(frozen=True, slots=True)
class Told:
    """`events` that went out, and of how many students a check is due."""

    events: int
    due: int


async def tell_changes(
    connection: Connection,
    record: Record,
    changes: Sequence[Change],
    gone: Sequence[Key],
    *,
    first: int,
    taken_at: datetime,
    now: datetime,
    concerned: Collection[str] = (),
) -> Told:
    """`first`: the first free sequence, of which the lock is held; `concerned`: whom else a check is due for.

    A row that is gone is told by no event, since nobody knows what became of it: a check looks (case 10). Nor is a class
    of a term that was withdrawn from: it stays below that, until the record itself takes the withdrawal back (P18).
    """
    ordered = in_order(list(changes))
    ended = await standing_withdrawals(connection, [change.entry.key for change in ordered if record == "STDNT_ENRL"])
    told = [change for change in ordered if change.entry.key not in ended]
    numbered = [(change, first + place) for place, change in enumerate(told, 1)]
    below = [(change.entry, ended[change.entry.key] - 1) for change in ordered if change.entry.key in ended]
    await put_rows(connection, [*((change.entry, seq) for change, seq in numbered), *below], taken_at)
    await remove_rows(connection, record, gone)
    last = first + len(numbered) + 1
    if record == "STDNT_ENRL":
        await connection.execute(extracts_sql.raise_withdrawals, first, last)
    events = 0
    for some in in_parts(numbered):
        rows = [_row(*event, change.at) for change, seq in some if (event := event_of(change, seq))]
        await append_campus_events(connection, rows)
        events += len(rows)
    await connection.execute(extracts_sql.save_last_seq, last + 1)
    people = {key.emplid for key in gone} | set(concerned) | {entry.key.emplid for entry, _ in below}
    people |= {change.entry.key.emplid for change in told if change.entry.record == "STUDENT"}
    watched = [row["emplid"] for row in await connection.fetch(sql.watched, sorted(people), now)]
    await make_check_due(connection, watched, "reconciliation", now)
    return Told(events, len(watched))


def _row(kind: str, data: dict[str, Any], at: datetime) -> CampusRow:
    event_id = f"extract-{uuid7()}"
    headers = {
        "ce_specversion": "1.0",
        "ce_id": event_id,
        "ce_source": EnrollmentChanged.SOURCE,
        "ce_type": kind,
        "ce_time": at.isoformat(),
        "content-type": "application/json",
    }
    payload = json.dumps(data, ensure_ascii=False).encode()
    return CampusRow(EnrollmentChanged.TOPIC, data["emplid"], event_id, headers, payload)
