"""RequirementLost: one alert for each causing act, suspected at once and visible (P25, P26, R33, A32, A33)."""

from datetime import timedelta

from uuid_utils import uuid7

from cpt.contracts.enrollment import RequirementLost
from cpt.postgres import Connection
from review.alerts.domain import days_left, report_by, severity_of
from review.alerts.store import NewAlert, add_note, insert_alert, lock_alert_of_loss, sql
from review.alerts.treat_as_loss import treat_as_loss
from review.store import Cause, write_audit


async def raise_alert(connection: Connection, event: RequirementLost, cause: Cause, settling: timedelta) -> None:
    """Later copies of the same loss add nothing, but a replacement that turns out as a loss is one from now on.

    `settling`: counted from the event's own time.
    """
    deadline = report_by(event.effective_on)
    positions = [hit.position for hit in event.authorizations]
    suspicion = NewAlert(
        alert_id=str(uuid7()),
        kind="loss",
        severity=severity_of(positions, event.kind, cause=event.cause, unnamed=event.unnamed),
        loss=event,
        report_by=deadline,
        born_overdue=days_left(deadline, cause.at) < 0,
        settles_at=event.event_time + settling,
    )
    if await insert_alert(connection, suspicion, cause.at):
        alert_id = suspicion.alert_id
        await write_audit(connection, cause, "alert_suspected", alert_id, loss_id=event.loss_id, held=event.held)
        await _join_report(connection, event, cause)
    elif (known := await lock_alert_of_loss(connection, event.loss_id)) and known.kind == "notice":
        await treat_as_loss(connection, known, cause)


async def _join_report(connection: Connection, event: RequirementLost, cause: Cause) -> None:
    """The student had said so, and now SPIRE shows it: one alert pages, the one with the evidence (case 81).

    Only a report that is still suspected, of the same requests and term: one that paged stays for whoever has it, and a
    loss that is held, or may be of another course, replaces nothing.
    """
    if event.kind != "enrollment" or event.cause == "reported" or event.unnamed or event.held:
        return
    requests = [hit.request_id for hit in event.authorizations]
    for row in await connection.fetch(sql.join_reports, requests, event.strm, cause.at):
        await add_note(connection, row["alert_id"], cause, "SPIRE shows the loss now; it has an alert of its own.")
        await write_audit(connection, cause, "report_joined", row["alert_id"], loss_id=event.loss_id)
