"""Codes that nobody knows in messages about students whom nobody watches: counted, without the person (case 8, case 58)."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from cpt.messaging.reading import as_far_as_readable
from cpt.messaging.record import Record
from cpt.postgres import Connection
from enrollment_sync.checks.alarms import codes_elsewhere
from enrollment_sync.mapping import CODES_TOLD, unknown_codes
from enrollment_sync.store import codes_in_force

_EVENTS = {event.TYPE: event for event in CODES_TOLD}


async def count_unknown_codes(connection: Connection, records: Sequence[Record], now: datetime) -> None:
    """The registrar's new code is noticed before it reaches somebody who is watched."""
    codes = await codes_in_force(connection)
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for record in records:
        if event := _EVENTS.get(record.headers.get("ce_type", "")):
            for kind, _, code in unknown_codes(event, codes, as_far_as_readable(record.value)):
                seen[kind][code] += 1
    await codes_elsewhere(connection, seen, now)
