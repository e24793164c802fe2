"""After a restore: what was told as issued, changed, denied or returned stands again; the rest is for people (P39).

Nothing is told again: the other services know it. The worker has caught up before, and web is still closed.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from cpt.contracts.alerts import AlertClosed
from cpt.contracts.event import Event
from cpt.contracts.review import CaseApproved, CaseAssigned, CaseDenied, CaseReturned, I20Issued, ReviewEvent
from cpt.contracts.staff import AuthorizationChanged, CourseConfirmed, TaskEscalated, TaskOpened
from cpt.postgres import Connection
from review.authorizations import Change, Confirmation, keep_confirmation, latest_authorization, record_change
from review.domain import ASSIGNED_STATES, LIVE, CaseState, NumberState
from review.store import Case, Cause, lock_case, lock_line, move_number, sql, write_audit
from review.tasks.open_task import reopen_task


async def restore_cases(connection: Connection, told: Sequence[Event], actor: str, now: datetime) -> list[str]:
    """A line for each thing done, and for each that a person has to see to."""
    cause, said = Cause("restore", actor, now), []
    await lock_line(connection)
    moves = [
        event for event in told if isinstance(event, ReviewEvent) and not isinstance(event, TaskOpened | TaskEscalated)
    ]
    last = {event.request_id: event for event in moves}
    for event in told:
        if isinstance(event, TaskOpened) and await reopen_task(connection, event):
            said.append(f"{_named(event)}: task {event.code} is open again; it may have been done")
        if not isinstance(event, ReviewEvent) or isinstance(event, TaskOpened | TaskEscalated):
            continue
        case = await lock_case(connection, event.request_id)
        if case is not None and case.completion is not None:
            done = await _again(connection, case, event, cause)
            said += [done] if done else _in_line_again(case, event, event is last[event.request_id])
        elif event is last[event.request_id]:
            said.append(f"{_named(event)}: told of, but no case is here")
    return [*said, *_alerts_closed(told)]


async def _again(connection: Connection, case: Case, event: ReviewEvent, cause: Cause) -> str | None:
    match event:
        case I20Issued() if await _issued_again(connection, case, event, cause):
            return f"{_named(event)}: issued again"
        case AuthorizationChanged() if await _changed_again(connection, event, cause):
            return f"{_named(event)}: authorization changed again"
        case CourseConfirmed() if await _confirmed_again(connection, event):
            return f"{_named(event)}: course confirmed again"
        case CaseDenied() if case.state in LIVE:
            await _ended_again(connection, case, "denied", "closed", cause)
            return f"{_named(event)}: denied again"
        case CaseReturned() if case.state in LIVE and case.round == event.round:
            await _ended_again(connection, case, "returned", "returned", cause)
            return f"{_named(event)}: returned again"
    return None


async def _issued_again(connection: Connection, case: Case, event: I20Issued, cause: Cause) -> bool:
    """The strings typed into SEVIS were told to nobody and are lost."""
    standing = await latest_authorization(connection, case.request_id)
    if standing is not None and standing.version >= event.authorization_version:
        return False
    if case.state != "issued":
        await _move(connection, case, "closed", cause)
    await connection.execute(sql.change_holder, case.request_id, event.recorded_by)
    await connection.execute(sql.issue_case, case.request_id)
    sha256 = event.document.sha256
    await connection.execute(sql.add_authorization, case.request_id, event.authorization_version, event, sha256, None)
    await write_audit(connection, cause, "case_restored", case.request_id, state="issued")
    return True


async def _changed_again(connection: Connection, event: AuthorizationChanged, cause: Cause) -> bool:
    standing = await latest_authorization(connection, event.request_id)
    if standing is None or standing.version != event.authorization_version:
        return False
    change = Change(None if event.canceled else event.authorized_until, event.reason)
    if standing.canceled is not None and (standing.canceled, standing.until) == (change.cancels, change.until):
        return False
    await record_change(connection, standing, change, event.changed_by, cause)
    await write_audit(connection, cause, "case_restored", event.request_id, state="changed")
    return True


async def _confirmed_again(connection: Connection, event: CourseConfirmed) -> bool:
    """The watch is on them already."""
    standing = await latest_authorization(connection, event.request_id)
    if standing is None or standing.version != event.authorization_version or standing.courses == event.courses:
        return False
    said = Confirmation(event.courses, event.comment, event.loss_id)
    await keep_confirmation(connection, standing, said, event.confirmed_by, event.at)
    return True


async def _ended_again(
    connection: Connection, case: Case, state: CaseState, number_state: NumberState, cause: Cause
) -> None:
    await _move(connection, case, number_state, cause)
    await connection.execute(sql.release_case, case.request_id, state)
    await write_audit(connection, cause, "case_restored", case.request_id, state=state)


async def _move(connection: Connection, case: Case, to: NumberState, cause: Cause) -> None:
    if case.receipt_number is not None:
        await move_number(connection, case.receipt_number, to, cause, request_id=case.request_id, round_=case.round)


def _in_line_again(case: Case, event: ReviewEvent, is_last: bool) -> list[str]:
    """The line goes on from the restored log, so that its proof holds; the lowest number comes first."""
    if is_last and isinstance(event, (CaseAssigned, CaseApproved)) and case.state in LIVE - ASSIGNED_STATES:
        return [f"{_named(event)}: {event.adviser.sub} held it; it stands in line again"]
    return []


def _alerts_closed(told: Iterable[Event]) -> Iterator[str]:
    for event in told:
        if isinstance(event, AlertClosed):
            yield f"the alert of loss {event.loss_id} had been closed as {event.outcome}; where it is open, close it again"


def _named(event: ReviewEvent) -> str:
    return f"{event.request_id} (number {event.receipt_number})"
