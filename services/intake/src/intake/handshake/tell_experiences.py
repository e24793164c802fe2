"""Experiences that changed → AgreementChanged by the outbox, read from Kafka as every other one (P23, P36)."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from uuid_utils import uuid7

from cpt.contracts.attributes import is_key
from cpt.contracts.campus import AgreementChanged
from cpt.messaging import CampusRow, append_campus_events
from cpt.postgres import Connection
from intake.store import sql


async def tell_experiences(connection: Connection, told: Sequence[Mapping[str, Any]], now: datetime) -> int:
    """How many are new or say something else than before. Handshake gives no version: each change raises ours by one,
    above whatever was told of that agreement in another way. Of several tellings of one agreement the last counts.
    """
    latest = {str(data["agreement_id"]): dict(data) for data in told}
    prints = {agreement_id: _print(data) for agreement_id, data in latest.items()}
    ids = sorted(latest)
    rows = await connection.fetch(sql.note_experiences, ids, [prints[one] for one in ids])
    await append_campus_events(
        connection, [_row(latest[row["agreement_id"]] | {"version": row["version"]}, now) for row in rows]
    )
    return len(rows)


def _print(data: Mapping[str, Any]) -> bytes:
    """Enough to see a change, and nothing of the student."""
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).digest()


def _row(data: Mapping[str, Any], now: datetime) -> CampusRow:
    event_id = f"experience-{uuid7()}"
    headers = {
        "ce_specversion": "1.0",
        "ce_id": event_id,
        "ce_source": AgreementChanged.SOURCE,
        "ce_type": AgreementChanged.TYPE,
        "ce_time": now.isoformat(),
        "content-type": "application/json",
    }
    key = data["emplid"] if is_key(data["emplid"]) else event_id
    return CampusRow(AgreementChanged.TOPIC, key, event_id, headers, json.dumps(data, ensure_ascii=False).encode())
