"""The rules of the line and of the two gates; facts in, answers or named refusals out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from cpt.campus.authorization import Authorization, CoopContract
from cpt.campus.calendar import AcademicCalendar
from cpt.campus.limits import Limits
from cpt.campus.segments import authorized_segments

CaseState = Literal["pending", "waiting", "assigned", "approved", "issued", "returned", "denied", "withdrawn"]
NumberState = Literal["pending", "waiting", "assigned", "returned", "closed", "void", "unreadable", "passed_over"]
RefusalCode = Literal[
    "check_pending",
    "enrollment_not_met",
    "not_yours",
    "wrong_state",
    "flags_not_accepted",
    "stale_version",
    "nothing_to_authorize",
]
GateAnswer = Literal["open", "check_pending", "enrollment_not_met"]

LIVE: frozenset[CaseState] = frozenset({"pending", "waiting", "assigned", "approved"})
CLOSED: frozenset[CaseState] = frozenset({"issued", "denied", "withdrawn"})
HELD: frozenset[CaseState] = frozenset({"assigned", "approved"})

DRAWN: dict[CaseState, frozenset[CaseState]] = {
    "pending": frozenset({"waiting", "assigned", "returned", "withdrawn"}),
    "waiting": frozenset({"pending", "assigned", "returned", "withdrawn"}),
    "assigned": frozenset({"approved", "returned", "denied", "withdrawn", "waiting", "pending"}),
    "approved": frozenset({"issued", "returned", "denied", "withdrawn"}),
    "returned": frozenset({"pending", "waiting", "withdrawn"}),
    "issued": frozenset(),
    "denied": frozenset(),
    "withdrawn": frozenset(),
}
"""The drawn lifecycle of a case (protocol, section 7); a case also starts as pending, waiting or withdrawn."""


class Refused(Exception):
    """A decision that the rules do not allow now; `code` is stable, the message is for the person."""

    def __init__(self, code: RefusalCode, message: str) -> None:
        super().__init__(message)
        self.code: RefusalCode = code


class NotDrawn(Exception):
    """A transition that the lifecycle does not know: a fault of ours, never silently done."""


@dataclass(frozen=True, slots=True)
class Check:
    """The latest answer of enrollment-sync; `asked_by` holds every question that came before its read (P21)."""

    check_no: int
    facts_version: int
    calendar_version: int
    outcome: str
    asked_by: frozenset[str]
    strms: frozenset[str]


@dataclass(frozen=True, slots=True)
class OpenNumber:
    """The lowest number of the line that an adviser may take."""

    receipt_number: int
    request_id: str
    state: Literal["pending", "waiting"]
    hold_until: datetime

    def holds_the_line(self, now: datetime) -> bool:
        """P11: a pending number holds the line for a bounded time, once; then it goes out as unverified."""
        return self.state == "pending" and now < self.hold_until


def require_drawn(before: CaseState, after: CaseState) -> None:
    """Raises `NotDrawn`; staying in a state is no transition."""
    if before != after and after not in DRAWN[before]:
        raise NotDrawn(f"a case cannot go from {before} to {after}")


def standing(check: Check | None, facts_version: int, named_check: int) -> Literal["waiting", "pending"]:
    """P3, P4: a number waits on a met for the same facts, at least as new as the one intake had seen."""
    verified = (
        check is not None
        and check.outcome == "met"
        and check.facts_version == facts_version
        and check.check_no >= named_check
    )
    return "waiting" if verified else "pending"


def gate(
    check: Check | None, question: str | None, *, facts_version: int, calendar: AcademicCalendar, strms: Collection[str]
) -> GateAnswer:
    """P21, R30: open only on a met that this very question asked for, for these facts, this calendar, every term."""
    if check is None or check.facts_version != facts_version:
        return "check_pending"
    if check.outcome == "not_met":
        return "enrollment_not_met"
    answers = check.outcome == "met" and question in check.asked_by
    complete = check.calendar_version == calendar.version and check.strms.issuperset(strms)
    return "open" if answers and complete else "check_pending"


def require_open(answer: GateAnswer) -> None:
    """Raises `Refused` with what keeps the gate closed."""
    if answer == "check_pending":
        raise Refused("check_pending", "SPIRE is being asked again; try again in a moment.")
    if answer == "enrollment_not_met":
        raise Refused("enrollment_not_met", "SPIRE no longer shows the enrollment this request rests on.")


def authorize(
    start: date, end: date, calendar: AcademicCalendar, limits: Limits, contract: CoopContract | None
) -> Authorization:
    """A8, A9, A16, R59: the days an I-20 may name; raises cpt.campus's `NotAuthorizable`."""
    return authorized_segments(start, end, calendar, limits, contract=contract)
