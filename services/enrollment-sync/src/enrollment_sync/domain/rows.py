"""What SPIRE holds about a student: class rows and term withdrawals."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cpt.campus.courses import plain_catalog_nbr, plain_subject
from enrollment_sync.domain.codes import NOT_WITHDRAWN, require_known
from enrollment_sync.domain.policy import STANDARD, Policy


@dataclass(frozen=True, slots=True)
class Row:
    """One enrollment as it stands; raises UnknownCode, so that an unknown one is never evaluated (case 8)."""

    emplid: str
    acad_career: str
    institution: str
    strm: str
    session_code: str
    class_nbr: str
    component: str
    primary_class_nbr: str
    subject: str
    catalog_nbr: str
    units: Decimal
    grading_basis: str
    status: str
    reason: str | None
    grade: str | None
    effective_dt: date
    source_seq: int

    def __post_init__(self) -> None:
        require_known(("status", self.status), ("reason", self.reason))

    @property
    def key(self) -> tuple[str, ...]:
        """CLASS_NBR is used again each term, so never alone (case 9)."""
        return (self.emplid, self.acad_career, self.institution, self.strm, self.class_nbr)

    @property
    def course(self) -> tuple[str, str]:
        return course_of(self.subject, self.catalog_nbr)

    @property
    def is_primary(self) -> bool:
        return self.primary_class_nbr in {"", self.class_nbr}


def course_of(subject: str, catalog_nbr: str) -> tuple[str, str]:
    """In the one spelling that names and rows are compared in."""
    return plain_subject(subject), plain_catalog_nbr(catalog_nbr)


@dataclass(frozen=True, slots=True)
class TermWithdrawal:
    """Ends every row of its term, or of one session, with a lower `source_seq`, though none of them changes (P18, case 6)."""

    strm: str
    withdraw_code: str
    effective_dt: date
    source_seq: int
    session_code: str = ""
    """Empty for the whole term."""

    def __post_init__(self) -> None:
        require_known(("withdraw_code", self.withdraw_code))

    @property
    def key(self) -> tuple[str, ...]:
        return (self.strm, self.session_code)

    def ends(self, row: Row) -> bool:
        concerned = row.strm == self.strm and self.session_code in {"", row.session_code}
        return concerned and self.withdraw_code != NOT_WITHDRAWN and row.source_seq < self.source_seq


def active(row: Row, policy: Policy = STANDARD) -> bool:
    """The status alone cannot be trusted: a late withdrawal leaves it at E, and W means wait-listed."""
    return row.status == "E" and not withdrawn_late(row, policy) and not audited(row, policy)


def withdrawn_late(row: Row, policy: Policy = STANDARD) -> bool:
    return row.reason == "WDRW" or (row.grade or "").strip().upper() in policy.withdrawal_grades


def audited(row: Row, policy: Policy = STANDARD) -> bool:
    return row.grading_basis.strip().upper() in policy.audit_bases
