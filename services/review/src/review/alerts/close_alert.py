"""A person records what became of it; compliance may open it again."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from cpt.contracts.review import AlertClosed
from cpt.contracts.values import Person
from cpt.messaging import append
from cpt.postgres import Connection
from review.alerts.acknowledge_alert import NoSuchAlert
from review.alerts.domain import AlertRefused, require_drawn
from review.alerts.store import Alert, add_note, lock_alert, sql
from review.store import Cause, write_audit

AlertOutcome = Literal[
    "re_enrolled",
    "swapped",
    "school_cancelled",
    "authorized_withdrawal",
    "cpt_ended_early",
    "cpt_changed_in_sevis",
    "reported_in_sevis",
    "data_error",
    "duplicate",
]
ENDS_THE_WATCH = frozenset({"cpt_ended_early", "cpt_changed_in_sevis", "reported_in_sevis"})


@dataclass(frozen=True, slots=True)
class Resolution:
    """`on`: the new authorized end where the outcome has one."""

    outcome: AlertOutcome
    on: date | None = None
    comment: str = ""


async def close_alert(
    connection: Connection, alert_id: str, person: Person, resolution: Resolution, now: datetime
) -> None:
    """Calling a CRITICAL alert a data error only proposes it. Raises `NoSuchAlert`, `AlertRefused`."""
    alert = await _lock(connection, alert_id)
    require_drawn(alert.state, "closed")
    cause = Cause("record_outcome", person.sub, now)
    if resolution.comment:
        await add_note(connection, alert_id, cause, resolution.comment)
    if resolution.outcome == "data_error" and alert.severity == "CRITICAL":
        await connection.execute(sql.propose_outcome, alert_id, resolution.outcome, person.sub)
        await write_audit(connection, cause, "outcome_proposed", alert_id, outcome=resolution.outcome)
    else:
        await _close(connection, alert, resolution.outcome, resolution.on, cause)


async def confirm_outcome(connection: Connection, alert_id: str, person: Person, now: datetime) -> None:
    """A second person agrees that it was a data error. Raises `NoSuchAlert`, `AlertRefused`."""
    alert = await _lock(connection, alert_id)
    if alert.proposed_outcome is None:
        raise AlertRefused("Nobody has proposed an outcome that needs a second person.")
    if alert.proposed_by == person.sub:
        raise AlertRefused("A second person must confirm this outcome.")
    await _close(connection, alert, alert.proposed_outcome, None, Cause("confirm_outcome", person.sub, now))


async def _close(connection: Connection, alert: Alert, outcome: str, on: date | None, cause: Cause) -> None:
    require_drawn(alert.state, "closed")
    version = await connection.fetchval(sql.close_alert, alert.alert_id, outcome, on, cause.at, cause.actor)
    event = AlertClosed(
        alert_id=alert.alert_id,
        loss_id=alert.loss_id,
        request_ids=alert.request_ids,
        outcome=outcome,
        authorized_until=on if outcome in ENDS_THE_WATCH else None,
        canceled=outcome == "cpt_changed_in_sevis" and on is None,
        at=cause.at,
    )
    await append(connection, event, sequence=version, now=cause.at)
    await write_audit(connection, cause, "alert_closed", alert.alert_id, outcome=outcome)


async def _lock(connection: Connection, alert_id: str) -> Alert:
    alert = await lock_alert(connection, alert_id)
    if alert is None:
        raise NoSuchAlert(alert_id)
    return alert


async def reopen_alert(connection: Connection, alert_id: str, person: Person, comment: str, now: datetime) -> None:
    """Back to acknowledged; everything noted stays. Raises `NoSuchAlert`, `AlertRefused`."""
    alert = await _lock(connection, alert_id)
    if alert.state != "closed":
        raise AlertRefused(f"The alert is {alert.state}; only a closed one can be opened again.")
    cause = Cause("reopen", person.sub, now)
    await connection.execute(sql.reopen_alert, alert_id, now, person.sub)
    if comment:
        await add_note(connection, alert_id, cause, comment)
    await write_audit(connection, cause, "alert_reopened", alert_id)
