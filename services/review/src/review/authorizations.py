"""What was issued, and what stands of it now: later changes never touch the record of what was issued."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from cpt.contracts.review import I20Issued
from cpt.contracts.staff import AuthorizationChanged, CourseConfirmed
from cpt.contracts.values import ChangedAuthorization, NamedCourse, Person, Segment
from cpt.messaging import append
from cpt.postgres import Connection
from review.domain import Refused
from review.store import Cause, sql, write_audit


@dataclass(frozen=True, slots=True)
class Authorization:
    """The latest version of a request; `until` and `canceled` are its last change, `confirmed` its courses since."""

    request_id: str
    version: int
    issued: I20Issued
    document_sha256: str
    sevis: dict[str, Any] | None
    canceled: bool | None
    until: date | None
    confirmed: list[dict[str, Any]] | None

    @property
    def courses(self) -> tuple[NamedCourse, ...]:
        """Those a DSO named last, else those it was issued on."""
        if self.confirmed is None:
            return self.issued.courses
        return tuple(NamedCourse.model_validate(course) for course in self.confirmed)

    @property
    def about(self) -> dict[str, Any]:
        """What every event about it names: the request, this version, and the student it is mailed to."""
        issued = self.issued
        return {
            "request_id": issued.request_id,
            "round": issued.round,
            "receipt_number": issued.receipt_number,
            "reference": issued.reference,
            "authorization_version": self.version,
            "recipient": issued.recipient,
        }

    @property
    def start(self) -> date:
        return self.issued.segments[0].start_date

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The days that are authorized now."""
        if self.canceled:
            return ()
        return tuple(_cut(segment, self.until) for segment in self.issued.segments if _reaches(segment, self.until))

    @property
    def end(self) -> date | None:
        """The last authorized day; None when it was canceled."""
        return self.segments[-1].end_date if self.segments else None


@dataclass(frozen=True, slots=True)
class Change:
    """Canceled as a whole, or `until` a new last day; `replaced_by` is the request whose I-20 takes its place."""

    until: date | None
    reason: str
    replaced_by: ChangedAuthorization | None = None

    @property
    def cancels(self) -> bool:
        return self.until is None


async def latest_authorization(connection: Connection, request_id: str) -> Authorization | None:
    row = await connection.fetchrow(sql.latest_authorization, request_id)
    return _authorization(request_id, row) if row else None


async def authorizations_of_student(connection: Connection, emplid: str, but: str) -> list[Authorization]:
    """Of all other requests; `but` is the request that asks."""
    rows = await connection.fetch(sql.authorizations_of_student, emplid, but)
    return [_authorization(row["request_id"], row) for row in rows]


async def authorizations_to_come(connection: Connection, today: date) -> list[Authorization]:
    """Of all requests: those that do not lie wholly in the past."""
    rows = await connection.fetch(sql.authorizations_to_come, today)
    return [_authorization(row["request_id"], row) for row in rows]


def require_editable(standing: Authorization, change: Change, today: date) -> None:
    """Raises `Refused`: no edit once it ended (X12), cancel only before the start (X11), shorten only."""
    if standing.end is None:
        raise Refused("wrong_state", "The authorization is canceled already.")
    if today > standing.end:
        raise Refused("x12_ended", "The authorization has ended; SEVIS allows no edit after that day (X12).")
    if change.cancels and today >= standing.start:
        last = standing.start - timedelta(days=1)
        message = f"SEVIS allows a cancellation only before the start, until {last}; set an earlier end instead (X11)."
        raise Refused("x11_started", message)


async def publish_change(
    connection: Connection, standing: Authorization, change: Change, by: Person, cause: Cause
) -> None:
    """To the student and to the watch (P28); what was issued stays as it was recorded."""
    after, issued = await record_change(connection, standing, change, by, cause), standing.issued
    event = AuthorizationChanged(
        **standing.about,
        employer=issued.employer,
        canceled=change.cancels,
        authorized_until=after.end,
        segments=after.segments,
        reason=change.reason,
        changed_by=by,
        at=cause.at,
        replaced_by=change.replaced_by,
    )
    version = await connection.fetchval(sql.touch_case, issued.request_id)
    await append(connection, event, sequence=version, now=cause.at)


async def record_change(
    connection: Connection, standing: Authorization, change: Change, by: Person, cause: Cause
) -> Authorization:
    """What stands from now on; what was issued stays as it was recorded. A new end between two segments is the last day
    of the first of them.
    """
    after = replace(standing, canceled=change.cancels, until=change.until)
    await connection.execute(
        sql.add_authorization_change,
        standing.request_id,
        standing.version,
        change.cancels,
        after.end,
        change.reason,
        cause.id,
        by,
        cause.at,
    )
    return after


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A DSO's word on the courses; `loss_id` names the replacement it is about."""

    courses: tuple[NamedCourse, ...]
    comment: str
    loss_id: str | None = None


async def confirm_courses(
    connection: Connection, standing: Authorization, said: Confirmation, by: Person, cause: Cause
) -> None:
    """The watch moves to them and the student is told (A24); what was issued stays as it was recorded."""
    issued, previous = standing.issued, standing.courses
    await keep_confirmation(connection, standing, said, by, cause.at)
    event = CourseConfirmed(
        **standing.about,
        previous=previous,
        courses=said.courses,
        comment=said.comment,
        confirmed_by=by,
        loss_id=said.loss_id,
        at=cause.at,
    )
    version = await connection.fetchval(sql.touch_case, issued.request_id)
    await append(connection, event, sequence=version, now=cause.at)
    named = [f"{course.subject} {course.catalog_nbr}" for course in said.courses]
    await write_audit(connection, cause, "course_confirmed", issued.request_id, courses=named, comment=said.comment)


async def keep_confirmation(
    connection: Connection, standing: Authorization, said: Confirmation, by: Person, at: datetime
) -> None:
    """What was issued stays as it was recorded."""
    about = (standing.request_id, standing.version, said.courses, standing.courses, said.comment, said.loss_id, by, at)
    await connection.execute(sql.add_course_confirmation, *about)


def _authorization(request_id: str, row: Any) -> Authorization:
    names = ("version", "document_sha256", "sevis", "canceled", "until", "confirmed")
    return Authorization(
        request_id=request_id, issued=I20Issued.model_validate(row["issued"]), **{name: row[name] for name in names}
    )


def _reaches(segment: Segment, until: date | None) -> bool:
    return until is None or segment.start_date <= until


def _cut(segment: Segment, until: date | None) -> Segment:
    if until is None or segment.end_date <= until:
        return segment
    return segment.model_copy(update={"end_date": until})
