"""Before issuance a loss closes the gate at once and reaches intake by a read (P20)."""

from datetime import datetime

from cpt.postgres import Connection
from enrollment_sync.checks.publish_check import publish_check
from enrollment_sync.dossier import Dossier
from enrollment_sync.due import make_check_due
from enrollment_sync.enrollment_record import EnrollmentRecord
from enrollment_sync.watch import Watch


async def publish_gate_outcomes(
    connection: Connection, dossier: Dossier, before: EnrollmentRecord, now: datetime
) -> None:
    """Compares `before` with what the dossier knows now, for every watch without an authorization."""
    unread = False
    for watch in dossier.watches:
        if dossier.profile is None:
            unread = True
        elif watch.issued is None:
            unread = await _tell_gate(connection, dossier, watch, before, now) or unread
    if unread:
        await make_check_due(connection, [dossier.emplid], "event", now)


async def _tell_gate(
    connection: Connection, dossier: Dossier, watch: Watch, before: EnrollmentRecord, now: datetime
) -> bool:
    """Whether a read has to confirm what the event told."""
    inputs = dossier.inputs(watch, dossier.known)
    if inputs is None or dossier.stands_as_before(before, inputs):
        return False
    compared = dossier.before_and_now(watch, before)
    if compared is None or compared[0].outcome == compared[1].outcome:
        return False
    later = compared[1].outcome
    await publish_check(connection, dossier, watch, inputs, (), now, unconfirmed=later == "not_met")
    return later != "met"
