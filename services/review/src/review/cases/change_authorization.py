"""A DSO cancels or shortens what was issued, outside of an alert (X11, X12); what SEVIS was sent is kept as it was."""

from datetime import datetime

from cpt.campus.clock import eastern_date
from cpt.contracts.values import Person
from cpt.postgres import Connection
from review.authorizations import Authorization, Change, latest_authorization, publish_change, require_editable
from review.cases.dossier import load_dossier
from review.cases.ownership import lock_assigned_case
from review.cases.save_decision import Decision, save_decision
from review.domain import Fault, Refused, Unfit
from review.store import Cause, calendar_in_force, write_audit


async def change_authorization(
    connection: Connection, request_id: str, adviser: Person, change: Change, now: datetime
) -> None:
    """The watch follows and the student is told. Raises `Refused` (wrong_state, x11_started, x12_ended), `Unfit`."""
    case = await lock_assigned_case(connection, request_id, adviser, {"issued"})
    standing = await latest_authorization(connection, request_id)
    if standing is None:
        raise Refused("wrong_state", "Nothing was issued for this case.")
    require_editable(standing, change, eastern_date(now))
    _require_shorter(standing, change)
    cause = Cause("change_authorization", adviser.sub, now)
    await publish_change(connection, standing, change, adviser, cause)
    dossier = await load_dossier(connection, case, await calendar_in_force(connection), now)
    until = change.until and change.until.isoformat()
    kind: Decision = "canceled" if change.cancels else "changed"
    await save_decision(connection, dossier, kind, cause, until=until, reason=change.reason)
    await write_audit(connection, cause, f"authorization_{kind}", request_id, until=until)


def _require_shorter(standing: Authorization, change: Change) -> None:
    """A longer one is a new approval (X6)."""
    if change.until is None or standing.end is None:
        return
    if change.until >= standing.end:
        message = f"The authorization ends on {standing.end}; more days need a new request, which the student sends from this one (X6)."
        raise Unfit(Fault("until", "not_earlier", message))
    if change.until < standing.start:
        raise Unfit(Fault("until", "before_the_start", f"It starts on {standing.start}; cancel it instead."))
