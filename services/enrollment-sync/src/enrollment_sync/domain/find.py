"""The finding for one overlapped term."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from cpt.campus.calendar import Term
from enrollment_sync.domain.codes import Codes
from enrollment_sync.domain.courses import Course, looks_like_training
from enrollment_sync.domain.enrollments import Enrollments
from enrollment_sync.domain.evaluation import Finding, QualifyingClass
from enrollment_sync.domain.facts import Facts
from enrollment_sync.domain.messages import shortfall_message
from enrollment_sync.domain.policy import Policy
from enrollment_sync.domain.qualification import NEAREST_FIRST, Shortfall, is_continuous, is_coop_row, shortfall
from enrollment_sync.domain.rows import Row, active

_RULES: dict[Shortfall, str] = {
    "wait_listed": "R28",
    "audit": "R28",
    "too_few_credits": "A11",
    "continuous_enrollment_only": "R29",
    "withdrawn": "R32",
}


def find(
    term: Term, enrollments: Enrollments, facts: Facts, policy: Policy, *, waived: bool, of_several: bool
) -> Finding:
    """Each named class decides (A23), and of it the primary section: a lab row neither carries nor loses it (case 7). An
    exempt co-op needs one of them.
    """
    if not enrollments.known(term.strm):
        message = f"SPIRE has not yet answered for {term.name}."
        return Finding(term.strm, "cannot_determine", "term_not_read", message, "P17")
    rows = [row for row in enrollments.in_term(facts.emplid, term.strm) if row.is_primary]
    running = running_of(enrollments, rows, policy.codes)
    units = sum((row.units for row in running), Decimal(0))
    mine = [row for row in rows if facts.rests_on(row)]
    short = {row.key: shortfall(row, enrollments.ending(row, policy.codes), facts, policy) for row in mine}
    qualifying = [row for row in mine if short[row.key] is None]
    lacking = [] if waived else _lacking(facts.named(term.strm) or (), mine, short)
    if qualifying and not lacking:
        return _met(term, qualifying, running, facts, policy, units)
    parts = [replace(facts, courses=(course,)) for course in lacking] or [facts]
    found = [(part, *_nearest([row for row in mine if part.rests_on(row)], short)) for part in parts]
    others = tuple(row for row in running if row not in qualifying and all(row is not near for _, _, near in found))
    code = min((code for _, code, _ in found), key=NEAREST_FIRST.index)
    message = shortfall_message(term, found, others, exempt=waived)
    rule = _RULES.get(code) or _absence_rule(facts, waived=waived, of_several=of_several)
    classes = tuple(qualifying_class(row, policy) for row in qualifying)
    return Finding(term.strm, "not_met", code, message, rule, classes, units)


def _lacking(
    named: Sequence[Course], mine: Sequence[Row], short: Mapping[tuple[str, ...], Shortfall | None]
) -> list[Course]:
    """Named courses of which no class qualifies. A 999 beside one that does is nothing to rest on, and no obstacle (R31)."""
    enough = {None, "continuous_enrollment_only"}
    return [one for one in named if not any(one.names(row) and short[row.key] in enough for row in mine)]


def running_of(enrollments: Enrollments, rows: Sequence[Row], codes: Codes) -> list[Row]:
    """Those the student sits in now; their units make the load."""
    return [row for row in rows if active(row, codes) and enrollments.ending(row, codes) is None]


def _nearest(rows: Sequence[Row], short: Mapping[tuple[str, ...], Shortfall | None]) -> tuple[Shortfall, Row | None]:
    for code in NEAREST_FIRST:
        for row in rows:
            if short[row.key] == code:
                return code, row
    return "not_enrolled", None


def _met(
    term: Term, qualifying: list[Row], running: list[Row], facts: Facts, policy: Policy, units: Decimal
) -> Finding:
    classes = tuple(qualifying_class(row, policy) for row in qualifying)
    message = f"Enrolled in {', '.join(entry.course for entry in classes)} in {term.name}."
    rule = _met_rule(qualifying, running, facts, policy)
    return Finding(term.strm, "met", "enrolled", message, rule, classes, units)


def qualifying_class(row: Row, policy: Policy) -> QualifyingClass:
    usual = looks_like_training(row.course, policy.codes)
    return QualifyingClass(row.class_nbr, " ".join(row.course), row.units, row.session_code, usual)


def _met_rule(qualifying: list[Row], running: list[Row], facts: Facts, policy: Policy) -> str:
    if facts.is_coop and any(is_coop_row(row, policy) for row in qualifying):
        return "A13"
    if facts.student.is_graduate:
        return "R31" if any(is_continuous(row, policy) for row in running) else "R30"
    return {"required": "R16", "coop": "R17", "credit": "R18"}[facts.route]


def _absence_rule(facts: Facts, *, waived: bool, of_several: bool) -> str:
    if waived:
        return "A13"
    if facts.courses:
        return "A23"
    if not of_several:
        return "R21"
    return "R26" if facts.route == "coop" else "R24"
