"""What a change of enrollment means for a requirement that was met."""

from dataclasses import dataclass
from typing import Literal

from enrollment_sync.domain.codes import Codes
from enrollment_sync.domain.enrollments import Enrollments
from enrollment_sync.domain.evaluation import Evaluation, Finding, FindingCode, QualifyingClass
from enrollment_sync.domain.facts import Facts
from enrollment_sync.domain.policy import Policy
from enrollment_sync.domain.qualification import shortfall
from enrollment_sync.domain.rows import Row, TermWithdrawal, audited, withdrawn_late

Cause = Literal[
    "dropped",
    "withdrawn",
    "reported",
    "below_full_load",
    "program_end",
    "degree_completed",
    "career_changed",
    "level_changed",
    "term_withdrawn",
    "session_withdrawn",
    "school_side",
    "units",
    "audit",
    "vanished",
    "other",
]


@dataclass(frozen=True, slots=True)
class TermChange:
    """`gone` no longer qualify, `left` are all that do; `replaced` is a notice, never an alarm (P26)."""

    kind: Literal["lost", "regained", "replaced"]
    strm: str
    code: FindingCode
    gone: tuple[QualifyingClass, ...]
    left: tuple[QualifyingClass, ...]


def transition(before: Evaluation, after: Evaluation) -> tuple[TermChange, ...]:
    """Terms in both, known in both. The last qualifying class of a term is a loss also where a co-op needs none there.

    So a co-op student who drops the row is noticed (case 57, R32), and units that fall from 3 to 1 are not (case 4).
    A regain without an open loss of its term means nothing.
    """
    pairs = ((earlier, after.finding(earlier.strm)) for earlier in before.findings)
    changes = (_change(earlier, later) for earlier, later in pairs if later and _known(earlier, later))
    return tuple(change for change in changes if change)


def stands_as_before(before: Enrollments, after: Enrollments, facts: Facts, policy: Policy) -> bool:
    """Whether each row that the facts rest on qualifies, or falls short of the same, as it did: then every finding has the
    same outcome, code and classes. False does not mean that one has another.
    """
    if (before.withdrawals, before.floors) != (after.withdrawals, after.floors):
        return False
    olds, news = _carriers_beside(after, before, facts), _carriers_beside(before, after, facts)
    return len(olds) == len(news) and all(
        _standing(old, before, facts, policy) == _standing(new, after, facts, policy)
        for old, new in zip(olds, news, strict=True)
    )


def carried(enrollments: Enrollments, strm: str, facts: Facts, policy: Policy) -> bool:
    """Whether a row that the facts rest on qualifies in this term, so that its finding is met, if it can be determined."""
    return any(
        row.strm == strm and row.is_primary and facts.rests_on(row) and _qualifies(row, enrollments, facts, policy)
        for row in enrollments.rows
    )


def _qualifies(row: Row, among: Enrollments, facts: Facts, policy: Policy) -> bool:
    return shortfall(row, among.ending(row, policy.codes), facts, policy) is None


def _carriers_beside(known: Enrollments, enrollments: Enrollments, facts: Facts) -> list[Row]:
    """The rows that the facts rest on and that are not the very ones already known: of an event there is one at most."""
    same = {id(row) for row in known.rows}
    return [row for row in enrollments.rows if id(row) not in same and facts.rests_on(row)]


def _standing(row: Row, among: Enrollments, facts: Facts, policy: Policy) -> tuple[object, ...]:
    return row.key, row.is_primary, shortfall(row, among.ending(row, policy.codes), facts, policy)


def _change(before: Finding, after: Finding) -> TermChange | None:
    left = {entry.class_nbr for entry in after.classes}
    gone = tuple(entry for entry in before.classes if entry.class_nbr not in left)
    if gone:
        kind: Literal["lost", "replaced"] = "replaced" if after.classes else "lost"
        return TermChange(kind, after.strm, after.code, gone, after.classes)
    if after.classes and not before.classes:
        return TermChange("regained", after.strm, after.code, (), after.classes)
    return None


def _known(*findings: Finding) -> bool:
    return all(finding.outcome != "cannot_determine" for finding in findings)


def loss_cause(strm: str, gone: QualifyingClass, after: Enrollments, codes: Codes) -> Cause:
    """Read from the student's rows as they stand now; a cause is evidence, no verdict (R33)."""
    row = next((row for row in after.rows if (row.strm, row.class_nbr) == (strm, gone.class_nbr)), None)
    if row is None:
        return "vanished"
    withdrawal = after.ending(row, codes)
    if withdrawal and codes.standing(row.status) == "enrolled":
        return withdrawn_by(withdrawal)
    return _row_cause(row, gone, codes)


def withdrawn_by(withdrawal: TermWithdrawal) -> Cause:
    return "session_withdrawn" if withdrawal.session_code else "term_withdrawn"


def _row_cause(row: Row, gone: QualifyingClass, codes: Codes) -> Cause:
    if codes.reason(row.reason) == "school_side":
        return "school_side"
    if codes.standing(row.status) == "dropped":
        return "dropped"
    if withdrawn_late(row, codes):
        return "withdrawn"
    if audited(row, codes):
        return "audit"
    return "units" if codes.standing(row.status) == "enrolled" and row.units < gone.units else "other"
