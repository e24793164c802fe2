"""One search over requests, cases and alerts: by name, EMPLID, reference, receipt number and employer."""

import re
from datetime import datetime
from typing import Any

from cpt.contracts.values import Person
from cpt.postgres import Connection
from review.search.store import sql
from review.store import Cause, write_audit

MOST = 20
SHORTEST = 2
"""Characters; what is shorter would find half the office. A receipt number may have one digit."""

_NUMBER = re.compile(r"(?:no\.?\s*|#\s*)?(\d{1,11})", re.IGNORECASE)

Hit = dict[str, Any]


async def find(connection: Connection, text: str, reader: Person, viewer: str | None, now: datetime) -> list[Hit]:
    """Best first, at most twenty: `kind`, `id`, `request_id`, `title`, `state`, `emplid`, `at`, and what a list shows.

    `viewer`: an adviser who sees only their own alerts. Nothing about the reader's own request (A31). What was found is
    logged, not what was typed (FERPA 99.32).
    """
    asked = text.strip()
    number = _NUMBER.fullmatch(asked)
    if len(asked) < SHORTEST and not number:
        return []
    digits = number[1] if number else None
    receipt = int(digits) if digits else None
    rows = await connection.fetch(sql.find_requests, asked, digits, receipt, reader.sub, MOST)
    ids = [row["request_id"] for row in rows]
    alerts = await connection.fetch(sql.find_alerts_about, ids, viewer, MOST, reader.sub) if ids else []
    hits = _in_order([_request(dict(row)) for row in rows], [_alert(dict(row)) for row in alerts])[:MOST]
    if hits:
        found = [hit["id"] for hit in hits]
        await write_audit(connection, Cause("read", reader.sub, now), "search_listed", "search", found=found)
    return hits


def _in_order(requests: list[Hit], alerts: list[Hit]) -> list[Hit]:
    """An alert stands behind the request that led to it, where it cannot be overlooked."""
    told: set[str] = set()
    ordered: list[Hit] = []
    for request in requests:
        ordered.append(request)
        for alert in alerts:
            if alert["id"] not in told and request["id"] in alert["request_ids"]:
                told.add(alert["id"])
                ordered.append({**alert, "request_id": request["id"]})
    return ordered


def _request(row: Hit) -> Hit:
    return {
        "kind": "case" if row["is_case"] else "request",
        "id": row["request_id"],
        "request_id": row["request_id"],
        "title": ", ".join(filter(None, (row["student_name"], row["employer"]))),
        "state": row["state"],
        "emplid": row["emplid"],
        "at": row["at"],
        "reference": row["reference"],
        "receipt_number": row["receipt_number"],
    }


def _alert(row: Hit) -> Hit:
    return {
        "kind": "alert",
        "id": row["alert_id"],
        "request_id": row["request_ids"][0],
        "title": ", ".join(filter(None, (row["student_name"], row["course"]))),
        "state": row["state"],
        "emplid": row["emplid"],
        "at": row["at"],
        "severity": row["severity"],
        "request_ids": row["request_ids"],
    }
