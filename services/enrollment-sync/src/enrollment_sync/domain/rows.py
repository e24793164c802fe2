"""What SPIRE holds about a student: class rows and term withdrawals."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from cpt.campus.courses import plain_catalog_nbr, plain_subject
from enrollment_sync.domain.codes import Codes


@dataclass(slots=True, unsafe_hash=True)
class Row:
    """One enrollment as it stands. Whoever makes one of what SPIRE tells has judged its codes (case 8).

    Nobody changes one. It is not frozen, for then to make one costs ten times as much, and each event makes all of a
    student's anew.
    """

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


@lru_cache(maxsize=10_000)
def course_of(subject: str, catalog_nbr: str) -> tuple[str, str]:
    """In the one spelling that names and rows are compared in; a catalog is asked for again and again."""
    return plain_subject(subject), plain_catalog_nbr(catalog_nbr)


@dataclass(frozen=True, slots=True)
class TermWithdrawal:
    """Ends every row of its career's term, or of one session of it, with a lower `source_seq`, though none of them
    changes (P18, case 6).
    """

    strm: str
    withdraw_code: str
    effective_dt: date
    source_seq: int
    session_code: str = ""
    """Empty for the whole term."""
    acad_career: str = ""
    """Empty where SPIRE did not say which: then of every one, since a loss is shown to a person and a silence to nobody."""

    @property
    def key(self) -> tuple[str, ...]:
        return (self.strm, self.session_code, self.acad_career)

    def stands(self, codes: Codes) -> bool:
        """Another code takes it back."""
        return codes.withdraw_codes.get(self.withdraw_code) == "ends"

    def concerns(self, row: Row) -> bool:
        session, career = {"", row.session_code}, {"", row.acad_career}
        return row.strm == self.strm and self.session_code in session and self.acad_career in career

    def ends(self, row: Row, codes: Codes) -> bool:
        return self.concerns(row) and self.stands(codes) and row.source_seq < self.source_seq


def active(row: Row, codes: Codes) -> bool:
    """The status alone cannot be trusted: a late withdrawal leaves it at E, and W means wait-listed."""
    return codes.standing(row.status) == "enrolled" and not withdrawn_late(row, codes) and not audited(row, codes)


def withdrawn_late(row: Row, codes: Codes) -> bool:
    return codes.reason(row.reason) == "withdrawn" or (row.grade or "").strip().upper() in codes.withdrawal_grades


def audited(row: Row, codes: Codes) -> bool:
    return row.grading_basis.strip().upper() in codes.audit_bases
