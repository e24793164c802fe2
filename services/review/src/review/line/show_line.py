"""The line as it stands: who waits, how far it has arrived, what holds it."""

from collections.abc import Mapping
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


async def line_in_short(connection: Connection, now: datetime) -> dict[str, Any]:
    """`waiting`, `checked` by SPIRE, `holes`, `unreadable` as counts, up to forty `set_aside`, `watermark` and `holding`,
    in one statement, however long the line is.
    """
    row = await connection.fetchrow(sql.line_in_short)
    assert row is not None
    return {**row, "holding": _holds(dict(row), row["watermark"] + 1, row["watermark"], now)}


async def line_page(connection: Connection, rows: tuple[int, int], now: datetime) -> dict[str, Any]:
    """The line in short with a page of who waits, the first five holes and the last twenty assignments."""
    return {
        **await line_in_short(connection, now),
        "rows": [dict(row) for row in await connection.fetch(sql.page_of_line, *rows)],
        "first_holes": [row["receipt_number"] for row in await connection.fetch(sql.first_holes, 5)],
        "taken": [dict(row) for row in await connection.fetch(sql.latest_assignments, 20)],
    }


async def list_assignments(connection: Connection, limit: int | None = None) -> list[dict[str, Any]]:
    """Append-only, oldest first; without a limit the whole record."""
    return [dict(row) for row in await connection.fetch(sql.list_assignments, limit)]


def _holding(numbers: list[dict[str, Any]], holes: list[int], watermark: int, now: datetime) -> str | None:
    first = next((n for n in numbers if n["state"] in ("pending", "waiting")), None)
    if first is None:
        return None
    short = {"first": first["receipt_number"], "first_state": first["state"], "hold_until": first["hold_until"]}
    return _holds(short, holes[0] if holes else watermark + 1, watermark, now)


def _holds(line: Mapping[str, Any], hole: int, watermark: int, now: datetime) -> str | None:
    """What keeps the first that waits from being given out."""
    if line["first"] is None:
        return None
    if line["first"] > watermark:
        return f"Number {hole} has not arrived yet."
    if line["first_state"] == "pending" and now < line["hold_until"]:
        return f"Number {line['first']} waits for SPIRE's answer."
    return None
