"""The alerts' rows, in and out."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

import asyncpg

from cpt.contracts.enrollment import RequirementLost
from cpt.postgres import Connection, Queries
from review.alerts.domain import AlertState, Severity
from review.store import Cause

sql = Queries("review.alerts")


@dataclass(frozen=True, slots=True)
class Alert:
    alert_id: str
    loss_id: str
    kind: str
    state: AlertState
    severity: Severity
    held: bool
    loss: RequirementLost
    request_ids: tuple[str, ...]
    effective_on: date
    report_by: date
    born_overdue: bool
    settles_at: datetime
    confirmation_id: str | None
    confirmation_asked_at: datetime | None
    confirmed_without_spire: bool
    raised_at: datetime
    confirmed_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    closed_at: datetime | None
    closed_by: str | None
    outcome: str | None
    outcome_on: date | None
    closed_reason: str | None
    proposed_outcome: str | None
    proposed_by: str | None
    notes: list[dict[str, Any]]
    version: int


def alert_of(row: asyncpg.Record) -> Alert:
    values = {field.name: row[field.name] for field in fields(Alert)}
    values["loss"] = RequirementLost.model_validate(row["loss"])
    values["request_ids"] = tuple(row["request_ids"])
    return Alert(**values)


async def lock_alert(connection: Connection, alert_id: str) -> Alert | None:
    row = await connection.fetchrow(sql.lock_alert, alert_id)
    return alert_of(row) if row else None


async def lock_alert_of_loss(connection: Connection, loss_id: str) -> Alert | None:
    row = await connection.fetchrow(sql.lock_alert_of_loss, loss_id)
    return alert_of(row) if row else None


async def find_alert(connection: Connection, alert_id: str) -> Alert | None:
    row = await connection.fetchrow(sql.find_alert, alert_id)
    return alert_of(row) if row else None


async def list_alerts(connection: Connection, state: str | None, limit: int | None) -> list[Alert]:
    return [alert_of(row) for row in await connection.fetch(sql.list_alerts, state, limit)]


async def add_note(connection: Connection, alert_id: str, cause: Cause, text: str) -> None:
    note = {"at": cause.at.isoformat(), "by": cause.actor, "text": text}
    await connection.execute(sql.add_note, alert_id, [note])
