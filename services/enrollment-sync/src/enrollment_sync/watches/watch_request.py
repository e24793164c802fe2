"""A request, or an event of its case, tells facts: watch this student (P1, P4, docs/architecture.md)."""

from datetime import datetime

from cpt.contracts.values import Facts
from cpt.postgres import Connection
from enrollment_sync.due import Why, make_check_due
from enrollment_sync.store import calendar_in_force, sql
from enrollment_sync.watch import ends_on


async def watch_request(connection: Connection, request_id: str, facts: Facts, why: Why, now: datetime) -> None:
    """Needs the student's lock. The facts of the highest version count; a check is due at once."""
    end = ends_on(facts, None, await calendar_in_force(connection))
    await connection.execute(sql.upsert_watch, request_id, facts.emplid, facts, facts.facts_version, end)
    await make_check_due(connection, [facts.emplid], why, now)
