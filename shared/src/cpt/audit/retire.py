"""Retention: old rows leave the audit record, and a tombstone that is sealed itself says which, when and by whom."""

from datetime import datetime

from cpt.audit.seal import sql
from cpt.postgres import Connection

ROWS_AT_ONCE = 5000


async def retire_audit(connection: Connection, before: datetime, actor: str, now: datetime) -> int:
    """How many sealed rows older than `before` were removed; their seals stay. Call it until it returns 0."""
    expired = await connection.fetchrow(sql.choose_expired, before, ROWS_AT_ONCE)
    if expired is None or not expired["count"]:
        return 0
    detail = {"rows": expired["rows"], "count": expired["count"], "before": before.isoformat()}
    await connection.execute(sql.write_removal, now, actor, detail)
    await connection.execute("SET LOCAL cpt.retention = 'on'")
    await connection.execute(sql.allow_removal)
    await connection.execute(sql.remove_rows, expired["rows"])
    await connection.execute(sql.forbid_removal)
    await connection.execute("SET LOCAL cpt.retention = 'off'")
    return int(expired["count"])
