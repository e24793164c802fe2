"""From the wire to the rules and back."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from cpt.campus.authorization import CoopContract
from cpt.contracts import values
from cpt.contracts.attributes import Fault
from cpt.contracts.campus import EnrollmentChanged, TermWithdrawn
from cpt.contracts.values import EnrollmentState
from enrollment_sync.domain import Evaluation, Facts, Row, Student, TermWithdrawal
from enrollment_sync.domain.codes import CodeKind, is_known


def facts_of(facts: values.Facts, student: Student) -> Facts:
    coop = CoopContract(facts.coop.start_date, facts.coop.end_date) if facts.coop else None
    return Facts(facts.emplid, student, facts.route, facts.start_date, facts.end_date, coop, facts.facts_version)


def span_of(facts: values.Facts) -> tuple[date, date]:
    """The days whose terms are asked for: the offer's and an approved contract's, known without a profile."""
    if facts.coop is None:
        return facts.start_date, facts.end_date
    return min(facts.start_date, facts.coop.start_date), max(facts.end_date, facts.coop.end_date)


def entry_of(event: EnrollmentChanged | TermWithdrawn) -> Row | TermWithdrawal:
    if isinstance(event, TermWithdrawn):
        return TermWithdrawal(event.strm, event.withdraw_code, event.effective_dt, event.source_seq)
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


def unknown_codes_of_change(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Every one at once (case 8). `previous` is not judged: a correction of an unknown code names it there."""
    current = data.get("current")
    if isinstance(current, Mapping):
        yield from _unknown("status", "current.status", current.get("status"))
        yield from _unknown("reason", "current.reason", current.get("reason"))
    yield from _unknown("action", "action", data.get("action"))


def unknown_codes_of_withdrawal(data: Mapping[str, Any]) -> Iterator[Fault]:
    yield from _unknown("withdraw_code", "withdraw_code", data.get("withdraw_code"))


def _unknown(kind: CodeKind, field: str, code: object) -> Iterator[Fault]:
    """What is no text at all is a fault of another kind."""
    if isinstance(code, str) and not is_known(kind, code):
        yield Fault(f"data.{field}", "unknown_code", f"unknown {kind} {code[:20]!a}")


def findings_of(evaluation: Evaluation) -> tuple[values.Finding, ...]:
    return tuple(
        values.Finding(strm=f.strm, outcome=f.outcome, code=f.code, message=f.message, rule=f.rule)
        for f in evaluation.findings
    )


def state_of(row: Row | None) -> EnrollmentState | None:
    if row is None:
        return None
    return EnrollmentState(status=row.status, reason=row.reason, grade=row.grade, units=row.units)
