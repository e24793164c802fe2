"""From the wire to the rules and back."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from cpt.campus.authorization import CoopContract
from cpt.contracts import values
from cpt.contracts.attributes import Fault
from cpt.contracts.campus import EnrollmentChanged, SessionWithdrawn, TermWithdrawn
from cpt.contracts.values import EnrolledClass, EnrollmentState, NamedCourse
from enrollment_sync.domain import (
    CodeKind,
    Codes,
    Course,
    Enrollments,
    Evaluation,
    Facts,
    Finding,
    Row,
    Student,
    TermWithdrawal,
    active,
    course_of,
)

CampusChange = EnrollmentChanged | TermWithdrawn | SessionWithdrawn
Told = tuple[CodeKind, str, object]
"""A kind of code, the field that holds it, and what stands there."""

_FIRST_DAY, _AHEAD = date(2000, 1, 1), timedelta(days=366)


def facts_of(facts: values.Facts, student: Student, unnamed: Iterable[str] | None = None) -> Facts:
    """`unnamed`: terms in which any class counts; None: every one, where no course is named."""
    coop = CoopContract(facts.coop.start_date, facts.coop.end_date) if facts.coop else None
    courses = tuple(Course(one.strm, one.subject, one.catalog_nbr, one.class_nbr) for one in facts.courses)
    return Facts(
        facts.emplid,
        student,
        facts.route,
        facts.start_date,
        facts.end_date,
        coop,
        facts.facts_version,
        courses,
        None if unnamed is None else frozenset(unnamed),
    )


def named_course(course: Course) -> NamedCourse:
    subject, number = course.course
    return NamedCourse(strm=course.strm, subject=subject, catalog_nbr=number, class_nbr=course.class_nbr)


def classes_of(enrollments: Enrollments, strms: Iterable[str], codes: Codes) -> tuple[EnrolledClass, ...]:
    """The student's classes as SPIRE lists them, for staff to see beside the named one; labs follow their lecture."""
    rows = (row for strm in sorted(strms) for row in enrollments.rows if row.strm == strm and row.is_primary)
    return tuple(_class_of(row, enrollments, codes) for row in rows)


def _class_of(row: Row, enrollments: Enrollments, codes: Codes) -> EnrolledClass:
    subject, number = course_of(row.subject, row.catalog_nbr)
    return EnrolledClass(
        strm=row.strm,
        subject=subject,
        catalog_nbr=number,
        class_nbr=row.class_nbr,
        session_code=row.session_code,
        units=row.units,
        active=active(row, codes) and enrollments.ending(row, codes) is None,
    )


def span_of(facts: values.Facts) -> tuple[date, date]:
    """The days whose terms are asked for: the offer's and an approved contract's, known without a profile."""
    if facts.coop is None:
        return facts.start_date, facts.end_date
    return min(facts.start_date, facts.coop.start_date), max(facts.end_date, facts.coop.end_date)


def entry_of(event: CampusChange) -> Row | TermWithdrawal:
    if isinstance(event, TermWithdrawn | SessionWithdrawn):
        session = event.session_code if isinstance(event, SessionWithdrawn) else ""
        return TermWithdrawal(
            event.strm, event.withdraw_code, event.effective_dt, event.source_seq, session, event.acad_career
        )
    current = event.current
    return Row(
        emplid=event.emplid,
        acad_career=event.acad_career,
        institution=event.institution,
        strm=event.strm,
        session_code=event.session_code,
        class_nbr=event.class_nbr,
        component=event.component,
        primary_class_nbr=event.primary_class_nbr,
        subject=event.subject,
        catalog_nbr=event.catalog_nbr,
        units=current.units,
        grading_basis=event.grading_basis,
        status=current.status,
        reason=current.reason,
        grade=current.grade,
        effective_dt=event.effective_dt,
        source_seq=event.source_seq,
    )


def adds(event: CampusChange, codes: Codes) -> bool:
    """Whether it tells that a class was added, and not that one which was there all along has changed (A24)."""
    if not isinstance(event, EnrollmentChanged) or codes.standing(event.current.status) != "enrolled":
        return False
    was = codes.standing(event.previous.status) if event.previous else "enrolled"
    return codes.actions.get(event.action) == "adds" or was != "enrolled"


def codes_of_change(data: Mapping[str, Any]) -> Iterator[Told]:
    """`previous` is not judged: a correction of an unknown code names it there."""
    current = data.get("current")
    if isinstance(current, Mapping):
        yield "status", "current.status", current.get("status")
        yield "reason", "current.reason", current.get("reason")
    yield "action", "action", data.get("action")


def codes_of_withdrawal(data: Mapping[str, Any]) -> Iterator[Told]:
    yield "withdraw_code", "withdraw_code", data.get("withdraw_code")


CODES_TOLD: Mapping[type[CampusChange], Callable[[Mapping[str, Any]], Iterator[Told]]] = {
    EnrollmentChanged: codes_of_change,
    TermWithdrawn: codes_of_withdrawal,
    SessionWithdrawn: codes_of_withdrawal,
}


def unknown_codes(
    event: type[CampusChange], codes: Codes, data: Mapping[str, Any]
) -> Iterator[tuple[CodeKind, str, str]]:
    """Kind, field and code, every one at once (case 8). What is no text at all is a fault of another kind."""
    for kind, field, code in CODES_TOLD[event](data):
        if isinstance(code, str) and not codes.knows(kind, code):
            yield kind, field, code


def faults_of_codes(event: type[CampusChange], codes: Codes, data: Mapping[str, Any]) -> Iterator[Fault]:
    for kind, field, code in unknown_codes(event, codes, data):
        yield Fault(f"data.{field}", "unknown_code", f"unknown {kind} {code[:20]!a}")


def faults_of_dates(data: Mapping[str, Any], today: date) -> Iterator[Fault]:
    """An act of the registrar may take effect later in its term, not years ahead: such a date is a slip of the data, and
    read as it stands it would make a loss of today one that nobody needs to hurry about.
    """
    try:
        effective = date.fromisoformat(str(data.get("effective_dt")))
    except ValueError:
        return  # the contract says what is wrong with it
    if not _FIRST_DAY <= effective <= today + _AHEAD:
        yield Fault("data.effective_dt", "implausible", f"before {_FIRST_DAY} or over {_AHEAD.days} days from now")


def findings_of(evaluation: Evaluation) -> tuple[values.Finding, ...]:
    return tuple(_finding(finding, _found(finding)) for finding in evaluation.findings)


def _finding(one: Finding, found: tuple[NamedCourse, ...]) -> values.Finding:
    return values.Finding(
        strm=one.strm,
        outcome=one.outcome,
        code=one.code,
        message=one.message,
        rule=one.rule,
        course=found[0] if found else None,
        courses=found,
    )


def _found(finding: Finding) -> tuple[NamedCourse, ...]:
    """The classes that were found; first those with a number usual for training."""
    entries = sorted(finding.classes, key=lambda entry: not entry.usual)
    named = ((*entry.course.rpartition(" "), entry.class_nbr) for entry in entries)
    return tuple(
        NamedCourse(strm=finding.strm, subject=subject, catalog_nbr=number, class_nbr=class_nbr)
        for subject, _, number, class_nbr in named
    )


def state_of(row: Row | None) -> EnrollmentState | None:
    if row is None:
        return None
    return EnrollmentState(status=row.status, reason=row.reason, grade=row.grade, units=row.units)
