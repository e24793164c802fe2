"""After a restore no number may be drawn twice: the line goes on above the highest one ever told (P39)."""

from cpt.postgres import Connection
from intake.store import sql


async def restore_line(connection: Connection, highest_told: int) -> int:
    """The last number drawn, as the line counts from now on; it is never lowered."""
    last: int = await connection.fetchval(sql.raise_line, highest_told)
    return last
