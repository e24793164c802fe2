"""A person records what became of it; compliance may open it again."""

from datetime import date, datetime
from typing import Literal

from cpt.contracts.review import AlertClosed
from cpt.contracts.values import Person
from cpt.messaging import append
from cpt.postgres import Connection
from review.alerts.acknowledge_alert import NoSuchAlert
from review.alerts.domain import require_drawn
from review.alerts.store import add_note, lock_alert, sql
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


async def close_alert(
    connection: Connection,
    alert_id: str,
    person: Person,
    outcome: AlertOutcome,
    on: date | None,
    comment: str,
    now: datetime,
) -> None:
    """`on`: the new authorized end where there is one. Raises `NoSuchAlert`, `AlertRefused`."""
    alert = await lock_alert(connection, alert_id)
    if alert is None:
        raise NoSuchAlert(alert_id)
    require_drawn(alert.state, "closed")
    cause = Cause("record_outcome", person.sub, now)
    version = await connection.fetchval(sql.close_alert, alert_id, outcome, on, now, person.sub)
    if comment:
        await add_note(connection, alert_id, cause, comment)
    event = AlertClosed(
        alert_id=alert_id,
        loss_id=alert.loss_id,
        request_ids=alert.request_ids,
        outcome=outcome,
        authorized_until=on if outcome in ENDS_THE_WATCH else None,
        canceled=outcome == "cpt_changed_in_sevis" and on is None,
        at=now,
    )
    await append(connection, event, sequence=version, now=now)
    await write_audit(connection, cause, "alert_closed", alert_id, outcome=outcome)


async def reopen_alert(connection: Connection, alert_id: str, person: Person, comment: str, now: datetime) -> None:
    """Back to acknowledged; everything noted stays. Raises `NoSuchAlert`, `AlertRefused`."""
    alert = await lock_alert(connection, alert_id)
    if alert is None:
        raise NoSuchAlert(alert_id)
    if alert.state != "closed":
        require_drawn(alert.state, "suspected")
    cause = Cause("reopen", person.sub, now)
    await connection.execute(sql.reopen_alert, alert_id, now, person.sub)
    if comment:
        await add_note(connection, alert_id, cause, comment)
    await write_audit(connection, cause, "alert_reopened", alert_id)
