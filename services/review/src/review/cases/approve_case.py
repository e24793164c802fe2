"""The adviser who holds a case approves it; what may be worked is only what the I-20 will say (R53, R60)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cpt.contracts.review import CaseApproved, StartPushedBack
from cpt.contracts.staff import CourseConfirmed
from cpt.contracts.values import Flag, NamedCourse, Person, Segment
from cpt.messaging import append
from cpt.postgres import Connection
from review.cases.authorized_dates import authorized_dates
from review.cases.courses import as_found, is_correction, named_courses, sound_courses
from review.cases.flags import flags_of
from review.cases.gates import evaluate_gate
from review.cases.ownership import lock_assigned_case
from review.cases.release import about
from review.cases.save_decision import save_decision
from review.cases.warn_student import OPT_LOSS, ask_acknowledgement
from review.domain import Fault, Refused, Unfit, require_open
from review.store import Case, Cause, sql, write_audit
from review.tasks.open_task import DAYS


@dataclass(frozen=True, slots=True)
class Approval:
    """`authorized_start` later than asked for needs a `reason` (R49); every flag of the case must be accepted.

    `courses` are those it rests on; None: as named and found (A23).
    """

    flags_accepted: Collection[str] = ()
    authorized_start: date | None = None
    reason: str | None = None
    courses: Sequence[NamedCourse] | None = None


async def approve_case(
    connection: Connection,
    request_id: str,
    adviser: Person,
    approval: Approval,
    now: datetime,
    *,
    task_days: int = DAYS,
) -> None:
    """Raises `Unfit`, or `Refused`: check_pending, enrollment_not_met (P21), flags_not_accepted, nothing_to_authorize."""
    case = await lock_assigned_case(connection, request_id, adviser, {"assigned"})
    _require_sound(approval, case)
    opinion, dossier = await evaluate_gate(connection, case, case.assignment_id, now)
    dates = authorized_dates(dossier, start=approval.authorized_start, issued_on=None)
    require_open(opinion)
    _require_accepted(flags_of(dossier), approval.flags_accepted)
    courses = as_found(dossier) if approval.courses is None else sound_courses(dossier, approval.courses)
    segments = tuple(Segment(strm=s.strm, start_date=s.start_date, end_date=s.end_date) for s in dates.segments)
    version = await connection.fetchval(sql.approve_case, request_id, _kept(approval, courses))
    event = CaseApproved(
        **about(case), facts=case.completed.facts, adviser=adviser, at=now, segments=segments, courses=courses
    )
    await append(connection, event, sequence=version, now=now)
    if _pushes_back(approval, case):
        await _tell_new_start(connection, case, approval, version, now)
    if is_correction(courses, named_courses(case)):
        await _tell_correction(connection, case, courses, adviser, version, now)
    cause = Cause("approve", adviser.sub, now)
    if OPT_LOSS in approval.flags_accepted:
        await ask_acknowledgement(connection, dossier, OPT_LOSS, cause, task_days=task_days)
    await save_decision(connection, dossier, "approved", cause, **_kept(approval, courses))
    flags = sorted(approval.flags_accepted)
    await write_audit(connection, cause, "case_approved", request_id, flags=flags)


def _require_sound(approval: Approval, case: Case) -> None:
    """R49. Raises `Unfit` with every fault."""
    facts, start, faults = case.completed.facts, approval.authorized_start, []
    if start and start < facts.start_date:
        faults.append(Fault("authorized_start", "before_the_request", "The student asked for a later start."))
    if start and start > facts.end_date:
        faults.append(Fault("authorized_start", "after_the_end", "The training ends before that day."))
    if start and start > facts.start_date and not (approval.reason or "").strip():
        faults.append(Fault("reason", "missing", "A later start needs a reason that the student will read."))
    if faults:
        raise Unfit(*faults)


def _require_accepted(flags: Sequence[Flag], accepted: Collection[str]) -> None:
    """Nothing is silently passed. Raises `Refused`."""
    left = [flag.code for flag in flags if flag.code not in accepted]
    if left:
        raise Refused("flags_not_accepted", f"Look at these first: {', '.join(left)}.")


def _pushes_back(approval: Approval, case: Case) -> bool:
    return approval.authorized_start is not None and approval.authorized_start > case.completed.facts.start_date


def _kept(approval: Approval, courses: Sequence[NamedCourse]) -> dict[str, Any]:
    return {
        "courses": [course.model_dump() for course in courses],
        "authorized_start": approval.authorized_start and approval.authorized_start.isoformat(),
        "reason": approval.reason,
        "flags_accepted": sorted(approval.flags_accepted),
    }


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


async def _tell_correction(
    connection: Connection, case: Case, courses: Sequence[NamedCourse], by: Person, version: int, now: datetime
) -> None:
    """The student learns that the office names another course; the gate before the I-20 asks SPIRE for it."""
    event = CourseConfirmed(
        **about(case),
        reference=case.completed.reference,
        authorization_version=None,
        previous=named_courses(case),
        courses=tuple(courses),
        comment="",
        confirmed_by=by,
        recipient=case.completed.recipient,
        at=now,
    )
    await append(connection, event, sequence=version, now=now)
