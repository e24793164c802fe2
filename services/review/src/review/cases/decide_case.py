"""What else the adviser who holds a case decides: return it, deny it (R60, P6, P7)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cpt.contracts.review import CaseDenied, CaseReturned, ReturnReason
from cpt.contracts.values import Person
from cpt.messaging import append
from cpt.postgres import Connection
from review.cases.dossier import load_dossier
from review.cases.ownership import lock_assigned_case
from review.cases.release import about, release
from review.cases.save_decision import Decision, save_decision
from review.domain import ASSIGNED_STATES
from review.store import Case, Cause, calendar_in_force


async def return_case(
    connection: Connection,
    request_id: str,
    adviser: Person,
    reasons: Sequence[ReturnReason],
    now: datetime,
    *,
    office_error: bool,
) -> None:
    """Back to the student; the number stays until intake gives it up or renews it (P7)."""
    case = await lock_assigned_case(connection, request_id, adviser, ASSIGNED_STATES)
    cause = Cause("return", adviser.sub, now)
    said = [reason.model_dump() for reason in reasons]
    await _keep(connection, case, "returned", cause, reasons=said, office_error=office_error)
    version = await release(connection, case, "returned", "returned", cause)
    event = CaseReturned(
        **about(case),
        reference=case.completed.reference,
        reasons=tuple(reasons),
        office_error=office_error,
        recipient=case.completed.recipient,
        at=now,
    )
    await append(connection, event, sequence=version, now=now)


async def deny_case(connection: Connection, request_id: str, adviser: Person, reason: str, now: datetime) -> None:
    """Denied by a person, never by a machine (R60)."""
    case = await lock_assigned_case(connection, request_id, adviser, ASSIGNED_STATES)
    cause = Cause("deny", adviser.sub, now)
    await _keep(connection, case, "denied", cause, reason=reason)
    version = await release(connection, case, "denied", "closed", cause)
    event = CaseDenied(
        **about(case),
        reference=case.completed.reference,
        reason=reason,
        recipient=case.completed.recipient,
        at=now,
    )
    await append(connection, event, sequence=version, now=now)


async def _keep(connection: Connection, case: Case, decision: Decision, cause: Cause, **said: Any) -> None:
    dossier = await load_dossier(connection, case, await calendar_in_force(connection), cause.at)
    await save_decision(connection, dossier, decision, cause, **said)
