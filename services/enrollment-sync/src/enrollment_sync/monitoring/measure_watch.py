"""The figures of the watch over SPIRE: what is due, what was heard last, what is wrong with the data (P19, P30)."""

from datetime import datetime

from cpt.postgres import Database
from cpt.runtime import metrics
from enrollment_sync.store import sql


async def measure_watch(database: Database, now: datetime) -> int:
    """One step of the loop; always 0. Where nothing was heard yet, silence counts from the first look."""
    async with database.connection() as connection:
        due = await connection.fetchrow(sql.due_figures, now)
        heard = await connection.fetchrow(sql.watch_figures)
        alarms = await connection.fetch(sql.alarm_figures)
    assert due is not None
    assert heard is not None
    since = heard["since"] or now
    metrics.CHECKS_DUE.show(due["checks"])
    metrics.CHECKS_OLDEST.show((now - (due["oldest"] or now)).total_seconds())
    metrics.REGISTRAR_SILENCE.show((now - max(heard["heard_at"] or since, since)).total_seconds())
    metrics.COMPARED.show((now - max(heard["compared_at"] or since, since)).total_seconds())
    metrics.ALARMS.show_all({(row["code"],): row["alarms"] for row in alarms})
    return 0
