"""The line as it stands: who waits, how far it has arrived, what holds it."""

from datetime import datetime
from typing import Any

from cpt.postgres import Connection
from review.store import sql


async def show_line(connection: Connection, now: datetime) -> dict[str, Any]:
    watermark = await connection.fetchval(sql.watermark)
    holes = [row["receipt_number"] for row in await connection.fetch(sql.line_holes)]
    numbers = [dict(row) for row in await connection.fetch(sql.line_numbers)]
    return {
        "watermark": watermark,
        "holes": holes,
        "waiting": [n for n in numbers if n["state"] in ("pending", "waiting")],
        "set_aside": [n for n in numbers if n["state"] == "set_aside"],
        "unreadable": [n for n in numbers if n["state"] == "unreadable"],
        "holding": _holding(numbers, holes, watermark, now),
    }


async def list_assignments(connection: Connection, limit: int | None = None) -> list[dict[str, Any]]:
    """Append-only, oldest first; without a limit the whole record."""
    return [dict(row) for row in await connection.fetch(sql.list_assignments, limit)]


def _holding(numbers: list[dict[str, Any]], holes: list[int], watermark: int, now: datetime) -> str | None:
    first = next((n for n in numbers if n["state"] in ("pending", "waiting")), None)
    if first is None:
        return None
    if first["receipt_number"] > watermark:
        return f"Number {holes[0]} has not arrived yet."
    if first["state"] == "pending" and now < first["hold_until"]:
        return f"Number {first['receipt_number']} waits for SPIRE's answer."
    return None
