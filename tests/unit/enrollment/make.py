"""Enrollments in one line each: a graduate's 1-credit internship course in Fall 2026 unless told otherwise."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from cpt.campus.authorization import CoopContract
from cpt.campus.calendar import AcademicCalendar, illustrative_calendar
from enrollment_sync.code_sets import shipped_codes
from enrollment_sync.domain import Enrollments, Evaluation, Facts, Finding, Policy, Row, Student, TermWithdrawal
from enrollment_sync.domain import evaluate as evaluate_by

CALENDAR, CODES = illustrative_calendar(), shipped_codes()
POLICY = Policy(CODES)
SPRING, SUMMER, FALL, WINTER = "1263", "1265", "1267", "1271"
ALL_TERMS = tuple(term.strm for term in CALENDAR.terms)
GRADUATE, UNDERGRADUATE = Student("GRAD", "masters"), Student("UGRD", "bachelors")
CONTRACT = CoopContract(date(2026, 6, 1), date(2026, 12, 18))
SUMMER_AND_FALL = {"start_date": date(2026, 8, 1), "end_date": date(2026, 12, 11)}

_ROW = Row(
    emplid="30012345",
    acad_career="GRAD",
    institution="UMAMH",
    strm=FALL,
    session_code="1",
    class_nbr="41234",
    component="PRA",
    primary_class_nbr="",
    subject="COMPSCI",
    catalog_nbr=" 698",
    units=Decimal("1.00"),
    grading_basis="GRD",
    status="E",
    reason="ENRL",
    grade=None,
    effective_dt=date(2026, 9, 1),
    source_seq=10,
)
_FACTS = Facts("30012345", GRADUATE, "credit", date(2026, 9, 14), date(2026, 12, 11), None, 1)


def row(**changes: Any) -> Row:
    if "units" in changes:
        changes["units"] = Decimal(changes["units"])
    return replace(_ROW, **changes)


def dropped(**changes: Any) -> Row:
    return row(**{"status": "D", "reason": "DROP", "units": "0.00", "source_seq": 11} | changes)


def continuous(**changes: Any) -> Row:
    return row(**{"subject": "GRADSCH", "catalog_nbr": " 999", "class_nbr": "99900", "units": "0"} | changes)


def coop_row(**changes: Any) -> Row:
    return row(**{"subject": "UMASS", "catalog_nbr": " 398C", "class_nbr": "39800", "units": "0"} | changes)


def term_withdrawal(code: str = "WDR", source_seq: int = 20, strm: str = FALL) -> TermWithdrawal:
    return TermWithdrawal(strm, code, date(2026, 10, 1), source_seq)


def facts(**changes: Any) -> Facts:
    return replace(_FACTS, **changes)


def undergraduate(**changes: Any) -> Facts:
    return facts(**{"student": UNDERGRADUATE} | changes)


def coop(**changes: Any) -> Facts:
    """An undergraduate's approved co-op over summer and fall."""
    return undergraduate(**{"route": "coop", "coop": CONTRACT} | SUMMER_AND_FALL | changes)


def read(*entries: Row | TermWithdrawal, at: int = 0, terms: tuple[str, ...] = ALL_TERMS) -> Enrollments:
    """Every term has been read completely, at a `source_seq` below its entries."""
    rows = tuple(entry for entry in entries if isinstance(entry, Row))
    withdrawals = tuple(entry for entry in entries if isinstance(entry, TermWithdrawal))
    return Enrollments(rows, withdrawals, dict.fromkeys(terms, at))


def evaluate(asked: Facts, enrollments: Enrollments, calendar: AcademicCalendar, policy: Policy = POLICY) -> Evaluation:
    return evaluate_by(asked, enrollments, calendar, policy)


def evaluated(asked: Facts, *entries: Row | TermWithdrawal) -> Evaluation:
    return evaluate(asked, read(*entries), CALENDAR)


def finding(asked: Facts, *entries: Row | TermWithdrawal, strm: str = FALL) -> Finding:
    found = evaluated(asked, *entries).finding(strm)
    assert found is not None
    return found


def outcomes(evaluation: Evaluation) -> list[tuple[str, str, str]]:
    return [(found.strm, found.outcome, found.code) for found in evaluation.findings]


def flag_codes(evaluation: Evaluation) -> set[str]:
    return {flag.code for flag in evaluation.flags}
