"""The alerts' rows, in and out."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Literal

import asyncpg

from cpt.contracts.enrollment import RequirementLost
from cpt.contracts.event import Wire
from cpt.contracts.values import NamedCourse
from cpt.postgres import Connection, Queries
from review.alerts.domain import AlertKind, AlertState, Severity
from review.store import Cause

sql = Queries("review.alerts")


class Replacement(Wire):
    """None where an event of before named courses told of it."""

    course: str
    replaced: NamedCourse | None
    replacement: NamedCourse | None


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
    outcome_comment: str | None
    closed_reason: str | None
    replacement: dict[str, Any] | None
    proposed_outcome: str | None
    proposed_by: str | None
    notes: list[dict[str, Any]]
    version: int

    @property
    def about(self) -> AlertKind:
        return "replaced" if self.kind == "notice" else self.loss.kind

    @property
    def replaced(self) -> Replacement | None:
        return Replacement.model_validate(self.replacement) if self.replacement else None


class NoSuchAlert(Exception):
    """Nobody has an alert of this id."""


@dataclass(frozen=True, slots=True)
class NewAlert:
    """With a `replacement` it waits for a DSO at once: a course took the place of another in the same act (A24)."""

    alert_id: str
    kind: Literal["loss", "notice"]
    severity: Severity
    loss: RequirementLost
    report_by: date
    born_overdue: bool
    settles_at: datetime
    replacement: Replacement | None = None


async def insert_alert(connection: Connection, new: NewAlert, now: datetime) -> bool:
    """False for a later copy of the same loss (P25)."""
    at_once = new.replacement is not None
    added = await connection.fetchval(
        sql.insert_alert,
        new.alert_id,
        new.loss.loss_id,
        new.kind,
        "confirmed" if at_once else "suspected",
        new.severity,
        new.loss.held,
        new.loss,
        [hit.request_id for hit in new.loss.authorizations],
        new.loss.effective_on,
        new.report_by,
        new.born_overdue,
        new.settles_at,
        now,
        now if at_once else None,
        new.replacement,
    )
    return added is not None


def alert_of(row: asyncpg.Record) -> Alert:
    values = {field.name: row[field.name] for field in fields(Alert)}
    values["loss"] = RequirementLost.model_validate(row["loss"])
    values["request_ids"] = tuple(row["request_ids"])
    return Alert(**values)


async def lock_known_alert(connection: Connection, alert_id: str) -> Alert:
    """Raises `NoSuchAlert`."""
    row = await connection.fetchrow(sql.lock_alert, alert_id)
    if row is None:
        raise NoSuchAlert(alert_id)
    return alert_of(row)


async def lock_alert_of_loss(connection: Connection, loss_id: str) -> Alert | None:
    row = await connection.fetchrow(sql.lock_alert_of_loss, loss_id)
    return alert_of(row) if row else None


async def find_alert(connection: Connection, alert_id: str, viewer: str | None) -> Alert:
    """`viewer`: an adviser who sees only what is theirs. Raises `NoSuchAlert`."""
    row = await connection.fetchrow(sql.find_alert, alert_id, viewer)
    if row is None:
        raise NoSuchAlert(alert_id)
    return alert_of(row)


async def list_alerts(
    connection: Connection, state: str | None, limit: int | None, viewer: str | None, today: date, reader: str | None
) -> list[Alert]:
    """`reader`: whoever looks, whose own alerts are not shown to them."""
    return [alert_of(row) for row in await connection.fetch(sql.list_alerts, state, limit, viewer, today, reader)]


@dataclass(frozen=True, slots=True)
class AlertContext:
    """What other rows know of an alert: SPIRE's record of the student, who holds the case, who stands in."""

    profile: dict[str, Any] | None
    adviser: dict[str, Any] | None
    delegates: tuple[str, ...]


NOTHING_AROUND = AlertContext(None, None, ())


async def surroundings_of(connection: Connection, alert_ids: list[str]) -> dict[str, AlertContext]:
    rows = await connection.fetch(sql.surroundings_of, alert_ids)
    return {r["alert_id"]: AlertContext(r["profile"], r["adviser"], tuple(r["delegates"])) for r in rows}


async def add_note(connection: Connection, alert_id: str, cause: Cause, text: str) -> None:
    note = {"at": cause.at.isoformat(), "by": cause.actor, "text": text}
    await connection.execute(sql.add_note, alert_id, [note])
