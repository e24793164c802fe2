"""RequirementRegained: a suspicion closes when a SPIRE read shows all authorizations met again; a person closes the rest (P25)."""

from datetime import datetime

from cpt.campus.clock import EASTERN
from cpt.contracts.enrollment import RequirementRegained
from cpt.postgres import Connection
from review.alerts.store import add_note, lock_alert_of_loss, sql
from review.store import Cause, write_audit

CLOSED_REASONS = {"re_added": "re_added", "swapped": "swapped", "read": "not_confirmed"}


async def close_suspicion(connection: Connection, event: RequirementRegained, cause: Cause) -> None:
    """Never hidden: the suspicion stays listed with its reason. A confirmed alert is only annotated (case 51).

    So is a suspicion by an event alone: what came from outside is believed when SPIRE says so too.
    """
    alert = await lock_alert_of_loss(connection, event.loss_id)
    if alert is None or alert.state == "closed":
        return
    if not event.confirmed_by_read:
        words = f"A message says that the requirement is met again at {_both(event.at)}. We are checking SPIRE."
        await add_note(connection, alert.alert_id, cause, words)
        return
    all_regained = await connection.fetchval(sql.note_regained, alert.alert_id, list(event.request_ids))
    await add_note(connection, alert.alert_id, cause, f"Requirement met again at {_both(event.at)}.")
    if alert.state == "suspected" and all_regained:
        reason = CLOSED_REASONS[event.by]
        await connection.execute(sql.close_suspicion, alert.alert_id, reason, cause.at)
        await write_audit(connection, cause, "suspicion_closed", alert.alert_id, reason=reason)


def _both(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC ({moment.astimezone(EASTERN):%b %d, %I:%M %p} Eastern)"
