"""MonitoringAlive every minute, and at once when what it says is new: why nobody should trust the silence (P30)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from cpt.campus.calendar import AcademicCalendar
from cpt.campus.clock import eastern_date
from cpt.contracts.enrollment import Alarm, MonitoringAlive
from cpt.messaging import append
from cpt.postgres import Connection, Database
from enrollment_sync.store import calendar_in_force, sql


@dataclass(frozen=True, slots=True)
class Senses:
    """What was heard last; `since`: when this watch over the campus began."""

    since: datetime
    heard_at: datetime | None
    compared_at: datetime | None
    lag: int


@dataclass(frozen=True, slots=True)
class HeartbeatLimits:
    """`silence`: so long without a registrar event in term; `reconcile_every`: twice that is overdue."""

    silence: timedelta
    reconcile_every: timedelta
    lag_limit: int
    alert: timedelta = timedelta(minutes=25)
    """A loss without an alert for so long: ten minutes beyond review's settling window (P28)."""


EVERY = timedelta(minutes=1)


async def send_heartbeat(database: Database, now: datetime, lag: int, patience: HeartbeatLimits) -> int:
    """One step of the loop. Several workers say it in turn; none waits for another one, nor for a batch."""
    async with database.transaction() as connection:
        row = await connection.fetchrow(sql.lock_monitoring, now)
        if row is None:
            return 0
        compared = await connection.fetchval(sql.last_compared)
        senses = Senses(row["since"], row["heard_at"], compared, lag)
        reasons = tuple(blindness(senses, patience, await calendar_in_force(connection), now))
        await _find_forgotten(connection, now, patience.alert)
        alarms = await _open_alarms(connection)
        news = [alarm.model_dump_json() for alarm in alarms]
        new = (list(reasons), news) != (row["blind_because"], row["alarms"])
        if not new and row["said_at"] and timedelta() <= now - row["said_at"] < EVERY:
            return 0
        version = await connection.fetchval(sql.send_heartbeat, now, list(reasons), news)
        event = MonitoringAlive(
            at=now,
            lag=lag,
            last_registrar_event_at=senses.heard_at,
            last_reconciliation_at=compared,
            blind_because=reasons,
            alarms=alarms,
        )
        await append(connection, event, sequence=version, now=now)
    return 0


async def _open_alarms(connection: Connection) -> tuple[Alarm, ...]:
    rows = await connection.fetch(sql.open_alarms)
    return tuple(Alarm(code=row["code"], since=row["since"], detail=row["detail"]) for row in rows)


async def _find_forgotten(connection: Connection, now: datetime, patience: timedelta) -> None:
    """Each loss that nobody was told of is an alarm (P28)."""
    for row in await connection.fetch(sql.losses_without_alert, now - patience):
        message = "A loss was found, and review has raised no alert for it."
        await connection.execute(sql.raise_alarm, "loss_without_alert", row["loss_id"], message, now)


def blindness(senses: Senses, patience: HeartbeatLimits, calendar: AcademicCalendar, now: datetime) -> Iterator[str]:
    """Each reason in words for compliance."""
    today = eastern_date(now)
    heard = max(senses.heard_at or senses.since, senses.since)
    if calendar.overlapped_terms(today, today) and now - heard > patience.silence:
        yield f"The registrar has sent no event for {patience.silence.total_seconds() / 3600:g} hours."
    compared = max(senses.compared_at or senses.since, senses.since)
    if now - compared > 2 * patience.reconcile_every:
        yield "The comparison with SPIRE's snapshots is overdue."
    if senses.lag > patience.lag_limit:
        yield f"{senses.lag} events of the registrar are waiting."
