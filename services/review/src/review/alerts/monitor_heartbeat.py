"""Blindness is judged from outside: the watcher says it is alive, review says when it does not (P30)."""

from collections.abc import Sequence
from datetime import datetime

from cpt.contracts.alerts import MonitoringBlind, MonitoringRestored
from cpt.contracts.enrollment import MonitoringAlive
from cpt.messaging import append
from cpt.postgres import Connection, Database
from review.alerts.domain import WATCHER_PATIENCE
from review.alerts.store import sql
from review.store import Cause

SILENT = "The service that watches enrollments has not reported for five minutes."


async def record_heartbeat(connection: Connection, event: MonitoringAlive, cause: Cause) -> None:
    """It lives; what it says of itself decides whether it sees."""
    state = await connection.fetchrow(sql.lock_monitoring, cause.at)
    assert state is not None
    await connection.execute(sql.record_heartbeat, cause.at, [alarm.model_dump(mode="json") for alarm in event.alarms])
    await _declare(connection, was_blind=state["blind_since"] is not None, reasons=event.blind_because, now=cause.at)


async def detect_missed_heartbeat(database: Database, now: datetime) -> int:
    """One step of the loop; returns 1 when it declared blindness."""
    async with database.transaction() as connection:
        state = await connection.fetchrow(sql.lock_monitoring, now)
        assert state is not None
        if state["blind_since"] is not None or now - state["heard_at"] <= WATCHER_PATIENCE:
            return 0
        await _declare(connection, was_blind=False, reasons=(SILENT,), now=now)
        return 1


async def _declare(connection: Connection, *, was_blind: bool, reasons: Sequence[str], now: datetime) -> None:
    if was_blind == bool(reasons):
        return
    version = await connection.fetchval(sql.set_blind, now if reasons else None, list(reasons))
    kind = MonitoringBlind if reasons else MonitoringRestored
    await append(connection, kind(at=now, reasons=tuple(reasons)), sequence=version, now=now)
