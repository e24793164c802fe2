"""Review's rows, in and out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import asyncpg

from cpt.campus.calendar import AcademicCalendar, illustrative_calendar
from cpt.contracts.enrollment import EnrollmentChecked
from cpt.contracts.intake import RequestCompleted
from cpt.contracts.values import Facts, Person
from cpt.postgres import Connection, Queries
from review.domain import CaseState, Check, NumberState, OpenNumber, Standing, standing

sql = Queries("review")

OWN_CASE = "own_case"
"""Cause of the recusal of a person whose own request it is (A31)."""


@dataclass(frozen=True, slots=True)
class Number:
    receipt_number: int
    request_id: str | None
    round: int | None
    state: NumberState
    hold_until: datetime | None


@dataclass(frozen=True, slots=True)
class Case:
    """A case with the completion it stands on; without one it was only ever withdrawn or returned."""

    request_id: str
    state: CaseState
    round: int
    receipt_number: int | None
    completion: RequestCompleted | None
    facts_version: int
    named_check: int
    due_on: Any
    holder: Person | None
    assigned_at: datetime | None
    assignment_id: str | None
    unverified: bool
    approval: dict[str, Any] | None
    issuance_id: str | None
    issuance_asked_at: datetime | None
    document: dict[str, Any] | None
    assumed_courses: list[dict[str, Any]] | None
    version: int

    @property
    def completed(self) -> RequestCompleted:
        assert self.completion is not None, "only a completed request is looked at by people"
        return self.completion


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something changed: the event's id or the act, who did it, and when."""

    id: str
    actor: str | None
    at: datetime


async def lock_line(connection: Connection) -> int:
    """The line lock, before any case (P10); returns the watermark."""
    row = await connection.fetchrow(sql.lock_line)
    assert row is not None
    watermark: int = row["watermark"]
    return watermark


async def find_number(connection: Connection, receipt_number: int) -> Number | None:
    row = await connection.fetchrow(sql.find_number, receipt_number)
    return Number(**row) if row else None


async def open_numbers_of(connection: Connection, request_id: str) -> list[Number]:
    return [Number(**row) for row in await connection.fetch(sql.open_numbers_of, request_id)]


async def move_number(
    connection: Connection,
    receipt_number: int,
    to: NumberState,
    cause: Cause,
    *,
    request_id: str | None,
    round_: int | None,
    hold_until: datetime | None = None,
    unverified: bool = False,
    ends_hold: bool = False,
) -> None:
    """A number arrives or changes its state, with its row of the log (P14). Needs the line lock.

    `ends_hold`: it holds the line no longer, because waiting would decide nothing (A26).
    """
    before = await find_number(connection, receipt_number)
    hold = before.hold_until if before and before.hold_until else hold_until  # given once, never renewed (P7, P11)
    if ends_hold and hold is not None:
        hold = min(hold, cause.at)
    await connection.execute(sql.put_number, receipt_number, request_id, round_, to, hold, cause.at)
    state = before.state if before else None
    await connection.execute(
        sql.log_number, receipt_number, request_id, round_, state, to, cause.id, cause.actor, unverified, hold, cause.at
    )
    if before is None:
        await connection.execute(sql.advance_watermark)


async def place_number(
    connection: Connection,
    receipt_number: int,
    place: Standing,
    cause: Cause,
    *,
    request_id: str,
    round_: int,
    hold_until: datetime | None = None,
) -> None:
    """The number stands in line as the latest check leaves it."""
    state: NumberState = "pending" if place == "at_once" else place
    ends_hold = place == "at_once"
    about: dict[str, Any] = {"request_id": request_id, "round_": round_, "hold_until": hold_until}
    await move_number(connection, receipt_number, state, cause, ends_hold=ends_hold, **about)


def case_state_of(place: Standing) -> Literal["waiting", "pending"]:
    return "waiting" if place == "waiting" else "pending"


async def lowest_open_number(connection: Connection, adviser: str) -> OpenNumber | None:
    row = await connection.fetchrow(sql.lowest_open_number, adviser)
    return OpenNumber(**row) if row else None


async def line_history(connection: Connection) -> list[dict[str, Any]]:
    return [dict(row) for row in await connection.fetch(sql.line_history)]


async def lock_case(connection: Connection, request_id: str) -> Case | None:
    row = await connection.fetchrow(sql.lock_case, request_id)
    return case_of(row) if row else None


async def find_case(connection: Connection, request_id: str) -> Case | None:
    row = await connection.fetchrow(sql.find_case, request_id)
    return case_of(row) if row else None


def case_of(row: asyncpg.Record) -> Case:
    values = {name: row[name] for name in Case.__dataclass_fields__}
    completion, holder = values["completion"], values["holder"]
    values["completion"] = RequestCompleted.model_validate(completion) if completion else None
    values["holder"] = Person.model_validate(holder) if holder else None
    return Case(**values)


async def find_check(connection: Connection, request_id: str) -> tuple[Check, EnrollmentChecked] | None:
    row = await connection.fetchrow(sql.find_check, request_id)
    return check_of(EnrollmentChecked.model_validate(row["answer"])) if row else None


def check_of(event: EnrollmentChecked) -> tuple[Check, EnrollmentChecked]:
    strms = frozenset(finding.strm for finding in event.findings)
    numbers = (event.check_no, event.facts_version, event.calendar_version)
    return Check(*numbers, event.outcome, frozenset(event.asked_by), strms, event.undetermined), event


async def place_of(connection: Connection, check: Check | None, facts: Facts, named_check: int) -> Standing:
    """Where the number stands by this check; an answer of before the calendar that reaches it sets nothing aside."""
    place = standing(check, facts.facts_version, named_check)
    if place == "set_aside" and (await calendar_in_force(connection)).covers(facts.start_date, facts.end_date):
        return "pending"
    return place


async def calendar_in_force(connection: Connection) -> AcademicCalendar:
    form = await connection.fetchval(sql.latest_calendar)
    return AcademicCalendar.parse(form) if form else illustrative_calendar()


async def write_audit(connection: Connection, cause: Cause, action: str, subject: str, **detail: Any) -> None:
    actor = cause.actor or "system"
    await connection.execute(sql.write_audit, cause.at, actor, action, subject, {"cause": cause.id, **detail})
