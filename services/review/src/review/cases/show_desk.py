"""Who holds cases now, for a director who moves those of an absent adviser (case 39)."""

from typing import Any

from cpt.postgres import Connection
from review.store import sql


async def show_holders(connection: Connection) -> list[dict[str, Any]]:
    """`sub`, `name`, `email` and `request_ids` in the order of their numbers."""
    return [dict(row) for row in await connection.fetch(sql.list_holders)]
