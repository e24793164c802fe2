"""What the adviser who holds a case decides: approve, return, deny (R49, R60, P6, P7)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cpt.contracts.review import (
    CaseApproved,
    CaseDenied,
    CaseReturned,
    ReturnReason,
    StartPushedBack,
)
from cpt.contracts.values import Person, Segment
from cpt.messaging import append
from cpt.postgres import Connection
from review.cases.authorized_dates import authorized_dates
from review.cases.flags import flags_of
from review.cases.gates import require_gate
from review.cases.holding import lock_held_case
from review.cases.release import about, release
from review.domain import HELD, Refused
from review.store import Case, Cause, sql, write_audit


@dataclass(frozen=True, slots=True)
class Approval:
    """`authorized_start` later than asked for needs a `reason` (R49); every flag of the case must be accepted."""

    flags_accepted: Collection[str] = ()
    authorized_start: date | None = None
    reason: str | None = None


async def approve_case(
    connection: Connection, request_id: str, adviser: Person, approval: Approval, now: datetime
) -> None:
    """Raises `Refused`: check_pending, enrollment_not_met (P21), flags_not_accepted, nothing_to_authorize."""
    case = await lock_held_case(connection, request_id, adviser, {"assigned"})
    answer, calendar = await require_gate(connection, case, case.assignment_id)
    open_flags = [flag.code for flag in flags_of(case, answer) if flag.code not in approval.flags_accepted]
    if open_flags:
        raise Refused("flags_not_accepted", f"Look at these first: {', '.join(open_flags)}.")
    pushed_back = approval.authorized_start and approval.authorized_start > case.completed.facts.start_date
    if pushed_back and not approval.reason:
        raise Refused("wrong_state", "A later start needs a reason that the student will read.")
    dates = authorized_dates(case, answer, calendar, start=approval.authorized_start, issued_on=None)
    segments = tuple(Segment(strm=s.strm, start_date=s.start_date, end_date=s.end_date) for s in dates.segments)
    version = await connection.fetchval(
        sql.approve_case,
        request_id,
        {
            "authorized_start": approval.authorized_start and approval.authorized_start.isoformat(),
            "reason": approval.reason,
            "flags_accepted": sorted(approval.flags_accepted),
        },
    )
    event = CaseApproved(**about(case), facts=case.completed.facts, adviser=adviser, at=now, segments=segments)
    await append(connection, event, sequence=version, now=now)
    if pushed_back:
        await _tell_new_start(connection, case, approval, version, now)
    flags = sorted(approval.flags_accepted)
    await write_audit(connection, Cause("approve", adviser.sub, now), "case_approved", request_id, flags=flags)


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
    case = await lock_held_case(connection, request_id, adviser, HELD)
    version = await release(connection, case, "returned", "returned", Cause("return", adviser.sub, now))
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
    case = await lock_held_case(connection, request_id, adviser, HELD)
    version = await release(connection, case, "denied", "closed", Cause("deny", adviser.sub, now))
    event = CaseDenied(
        **about(case),
        reference=case.completed.reference,
        reason=reason,
        recipient=case.completed.recipient,
        at=now,
    )
    await append(connection, event, sequence=version, now=now)


async def _tell_new_start(connection: Connection, case: Case, approval: Approval, version: int, now: datetime) -> None:
    assert approval.authorized_start is not None
    assert approval.reason is not None
    event = StartPushedBack(
        **about(case),
        reference=case.completed.reference,
        requested_start=case.completed.facts.start_date,
        authorized_start=approval.authorized_start,
        reason=approval.reason,
        recipient=case.completed.recipient,
        at=now,
    )
    await append(connection, event, sequence=version, now=now)
