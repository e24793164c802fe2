"""What an answer of enrollment-sync is good for: a place in line, and the two gates."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from cpt.campus.calendar import AcademicCalendar
from review.domain.refusals import Refused

GateAnswer = Literal["open", "check_pending", "enrollment_not_met"]
Standing = Literal["waiting", "pending", "at_once", "set_aside"]
"""`at_once`: pending, and holding nothing; `set_aside`: pending, and passed by until a calendar reaches it (A26)."""


@dataclass(frozen=True, slots=True)
class Check:
    """The latest answer of enrollment-sync; `asked_by` holds every question that came before its read (P21)."""

    check_no: int
    facts_version: int
    calendar_version: int
    outcome: str
    asked_by: frozenset[str]
    strms: frozenset[str]
    undetermined: str | None = None


def standing(check: Check | None, facts_version: int, named_check: int) -> Standing:
    """P3, P4: a number waits on a met for the same facts, at least as new as the one intake had seen.

    A26: what can never be decided holds nobody up; slow is not undecidable.
    """
    counts = check is not None and check.facts_version == facts_version and check.check_no >= named_check
    if check is None or not counts:
        return "pending"
    if check.outcome == "met":
        return "waiting"
    return UNDECIDABLE.get(check.undetermined or "", "pending")


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


UNDECIDABLE: Mapping[str, Standing] = {"no_term": "at_once", "calendar_not_loaded": "set_aside"}


def require_open(answer: GateAnswer) -> None:
    """Raises `Refused` with what keeps the gate closed."""
    if answer == "check_pending":
        raise Refused("check_pending", "SPIRE is being asked again; try again in a moment.")
    if answer == "enrollment_not_met":
        raise Refused("enrollment_not_met", "SPIRE no longer shows the enrollment this request rests on.")
