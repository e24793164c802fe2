"""A person records what became of it; compliance may open it again."""

from dataclasses import dataclass
from datetime import date, datetime

from cpt.campus.clock import eastern_date, in_words
from cpt.contracts.alerts import AlertClosed, AlertReopened
from cpt.contracts.values import NamedCourse, Person
from cpt.messaging import append
from cpt.postgres import Connection
from review.alerts.domain import AlertRefused, require_transition
from review.alerts.outcomes import ENDS_THE_WATCH, TOLD_TO_THE_STUDENT, AlertOutcome, outcome_faults, why
from review.alerts.store import Alert, add_note, lock_known_alert, sql
from review.authorizations import (
    Authorization,
    Change,
    Confirmation,
    confirm_courses,
    latest_authorization,
    publish_change,
    record_change,
)
from review.domain import Unfit
from review.store import Cause, write_audit
from review.tasks.finish_task import finish_tasks_about

__all__ = ["AlertOutcome", "Resolution", "close_alert", "confirm_outcome", "reopen_alert"]


@dataclass(frozen=True, slots=True)
class Resolution:
    """`on`: the day that the outcome is about; a day before the start of the training cancels it as a whole."""

    outcome: AlertOutcome
    on: date | None = None
    comment: str = ""


async def close_alert(
    connection: Connection, alert_id: str, person: Person, resolution: Resolution, now: datetime
) -> None:
    """Calling a CRITICAL alert a data error only proposes it. Raises `NoSuchAlert`, `AlertRefused`, `Unfit`."""
    alert = await lock_known_alert(connection, alert_id)
    require_transition(alert.state, "closed")
    if alert.held:
        raise AlertRefused("The mass guard holds this alert; a director releases or rejects it first.")
    concerned = await _authorizations(connection, alert)
    ends = [one.end for one in concerned if one.end is not None]
    faults = outcome_faults(
        resolution.outcome, resolution.on, resolution.comment, today=eastern_date(now), last_end=max(ends, default=None)
    )
    if found := tuple(faults):
        raise Unfit(*found)
    cause = Cause("record_outcome", person.sub, now)
    if resolution.comment:
        await add_note(connection, alert_id, cause, resolution.comment)
    if resolution.outcome == "data_error" and alert.severity == "CRITICAL":
        await _propose(connection, alert, resolution, cause)
        return
    await _end_authorizations(connection, concerned, resolution, person, Cause(alert.alert_id, person.sub, now))
    if alert.about == "replaced" and resolution.outcome == "swapped":
        await _confirm_replacement(connection, alert, concerned, resolution, person, cause)
    await _close(connection, alert, resolution, cause, canceled=_cancels_all(concerned, resolution))


async def close_confirmed(connection: Connection, alert: Alert, resolution: Resolution, cause: Cause) -> None:
    """The new course was confirmed elsewhere; the alert is locked."""
    await _close(connection, alert, resolution, cause)


async def _confirm_replacement(
    connection: Connection,
    alert: Alert,
    concerned: list[Authorization],
    resolution: Resolution,
    by: Person,
    cause: Cause,
) -> None:
    """The new course becomes the one that each authorization rests on, in place of the one that is gone (A24)."""
    swap = alert.replaced
    if swap is None or swap.replacement is None:
        return
    for standing in concerned:
        kept = [course for course in standing.courses if not _is(course, swap.replaced)]
        said = Confirmation((*kept, swap.replacement), resolution.comment, alert.loss_id)
        await confirm_courses(connection, standing, said, by, cause)


def _is(course: NamedCourse, gone: NamedCourse | None) -> bool:
    return gone is not None and (course.strm, course.subject, course.catalog_nbr) == (
        gone.strm,
        gone.subject,
        gone.catalog_nbr,
    )


async def confirm_outcome(connection: Connection, alert_id: str, person: Person, now: datetime) -> None:
    """A second person agrees that it was a data error. Raises `NoSuchAlert`, `AlertRefused`."""
    alert = await lock_known_alert(connection, alert_id)
    if alert.proposed_outcome is None:
        raise AlertRefused("No outcome that needs a second person has been proposed.")
    if alert.proposed_by == person.sub:
        raise AlertRefused("A second person must confirm this outcome.", "second_person")
    require_transition(alert.state, "closed")
    await _close(connection, alert, Resolution("data_error"), Cause("confirm_outcome", person.sub, now))


async def reopen_alert(connection: Connection, alert_id: str, person: Person, comment: str, now: datetime) -> None:
    """Back to acknowledged; everything noted stays, and the student reads the banner again. Raises `NoSuchAlert`,
    `AlertRefused`.
    """
    alert = await lock_known_alert(connection, alert_id)
    if alert.state != "closed":
        raise AlertRefused(f"The alert is {alert.state}; only a closed one can be opened again.")
    cause = Cause("reopen", person.sub, now)
    version = await connection.fetchval(sql.reopen_alert, alert_id, now, person.sub)
    event = AlertReopened(
        alert_id=alert_id, loss_id=alert.loss_id, request_ids=alert.request_ids, severity=alert.severity, at=now
    )
    await append(connection, event, sequence=version, now=now)
    if comment:
        await add_note(connection, alert_id, cause, comment)
    await write_audit(connection, cause, "alert_reopened", alert_id)


async def _propose(connection: Connection, alert: Alert, resolution: Resolution, cause: Cause) -> None:
    """Who proposed it first stays on record: nobody can confirm their own proposal."""
    if alert.proposed_outcome is not None:
        raise AlertRefused("It has been proposed already; a second person confirms it.")
    await connection.execute(sql.propose_outcome, alert.alert_id, resolution.outcome, cause.actor)
    await write_audit(connection, cause, "outcome_proposed", alert.alert_id, outcome=resolution.outcome)


async def _close(
    connection: Connection, alert: Alert, resolution: Resolution, cause: Cause, *, canceled: bool = False
) -> None:
    outcome, on, comment = resolution.outcome, resolution.on, resolution.comment or None
    version = await connection.fetchval(sql.close_alert, alert.alert_id, outcome, on, cause.at, cause.actor, comment)
    event = AlertClosed(
        alert_id=alert.alert_id,
        loss_id=alert.loss_id,
        request_ids=alert.request_ids,
        outcome=outcome,
        authorized_until=on if outcome in ENDS_THE_WATCH and not canceled else None,
        canceled=canceled,
        at=cause.at,
    )
    await append(connection, event, sequence=version, now=cause.at)
    await finish_tasks_about(connection, "course_replaced", {"loss_id": alert.loss_id}, cause)
    await write_audit(connection, cause, "alert_closed", alert.alert_id, outcome=outcome)


async def _authorizations(connection: Connection, alert: Alert) -> list[Authorization]:
    found = [await latest_authorization(connection, request_id) for request_id in alert.request_ids]
    return [one for one in found if one is not None and one.end is not None]


async def _end_authorizations(
    connection: Connection, concerned: list[Authorization], resolution: Resolution, by: Person, cause: Cause
) -> None:
    """Each ends on its own day; the words that staff wrote stay with staff (A20)."""
    on = resolution.on
    if resolution.outcome not in ENDS_THE_WATCH or on is None:
        return
    for standing in concerned:
        if standing.end is None or on >= standing.end:
            continue
        canceled = on < standing.start
        change = Change(None if canceled else on, why(resolution.outcome, in_words(on), canceled=canceled))
        act = publish_change if resolution.outcome in TOLD_TO_THE_STUDENT else record_change
        await act(connection, standing, change, by, cause)


def _cancels_all(concerned: list[Authorization], resolution: Resolution) -> bool:
    on = resolution.on
    ends = resolution.outcome in ENDS_THE_WATCH and on is not None and bool(concerned)
    return ends and all(on is not None and on < standing.start for standing in concerned)
