"""What SPIRE knows of each student: profile, enrollment rows, term withdrawals and the last sequence."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict

Row = dict[str, Any]
"""One enrollment row in its wire form: the campus stores what it is told, also odd things, and judges nothing."""
RowKey = tuple[str, str]
"""Term and class number: class numbers are reused each term (docs/glossary.md)."""


class Profile(BaseModel):
    """A student as docs/connect.md names the fields; what is absent is not known."""

    model_config = ConfigDict(extra="allow")

    emplid: str = ""
    name: str
    email: str
    acad_career: str
    program: str = ""
    college: str | None = None
    level: str = "bachelors"
    sevis_id: str | None = None
    program_end_date: date
    admit_until: date | None = None
    english_language_program: bool = False
    degree_completed_on: date | None = None
    prior_fulltime_terms: int = 2
    fulltime_cpt_days: int = 0


@dataclass(slots=True)
class Student:
    emplid: str
    profile: Profile | None = None
    rows: dict[RowKey, Row] = field(default_factory=dict)
    withdrawals: dict[tuple[str, str, str], Row] = field(default_factory=dict)
    """By term, session (empty for the whole term) and career."""
    source_seq: int = 0
    """The last sequence over all terms; it never falls, also when rows vanish (P17)."""
    full_units: dict[RowKey, str] = field(default_factory=dict)
    """What a dropped class carried, since its row then says zero."""

    def withdrawal(self, line: Row) -> Row | None:
        """The one that this line would take the place of."""
        return self.withdrawals.get(_withdrawal_key(line))

    def withdraw(self, line: Row) -> None:
        self.withdrawals[_withdrawal_key(line)] = line

    def keep(self, row: Row) -> None:
        self.rows[row_key(row)] = row
        if str(row.get("units", "")).strip("0."):
            self.full_units[row_key(row)] = str(row["units"])


def _withdrawal_key(line: Row) -> tuple[str, str, str]:
    return line["strm"], line.get("session_code") or "", line.get("acad_career") or ""


@dataclass(slots=True)
class Spire:
    students: dict[str, Student] = field(default_factory=dict)

    def student(self, emplid: str) -> Student:
        return self.students.setdefault(emplid, Student(emplid))

    def put_profile(self, profile: Profile) -> None:
        self.student(profile.emplid).profile = profile

    def replace_rows(self, emplid: str, rows: Iterable[Row]) -> None:
        """Replace without an event: what a missed event looks like. The sequence ends newer than every row."""
        student = self.student(emplid)
        lines: list[Row] = [{"emplid": emplid, "source_seq": student.source_seq + 1} | row for row in rows]
        student.rows = {}
        for line in lines:
            if line.get("withdraw_code"):
                student.withdraw(line)
            else:
                student.keep(line)
        student.source_seq = max([student.source_seq, *(line["source_seq"] for line in lines)]) + 1

    def follow_row(self, row: Row) -> None:
        """Take a row that an event reported; a lower or equal sequence changes nothing, an unknown class is added."""
        student = self.student(row["emplid"])
        known = student.rows.get(row_key(row))
        if known is None or row["source_seq"] > known["source_seq"]:
            student.keep(row)
        student.source_seq = max(student.source_seq, row["source_seq"])

    def follow_withdrawal(self, withdrawal: Row) -> None:
        student = self.student(withdrawal["emplid"])
        known = student.withdrawal(withdrawal)
        if known is None or withdrawal["source_seq"] > known["source_seq"]:
            student.withdraw(withdrawal)
        student.source_seq = max(student.source_seq, withdrawal["source_seq"])

    def rows_of_term(self, strm: str) -> list[Row]:
        return [row for student in self._in_order() for key, row in student.rows.items() if key[0] == strm]

    def withdrawals_of_term(self, strm: str) -> list[Row]:
        return [one for student in self._in_order() for one in student.withdrawals.values() if one["strm"] == strm]

    def _in_order(self) -> list[Student]:
        return [self.students[emplid] for emplid in sorted(self.students)]


def row_key(row: Row) -> RowKey:
    return row["strm"], row["class_nbr"]
