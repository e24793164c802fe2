"""What a person does on the console to a student's classes, told as the registrar would tell it (docs/connect.md)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from infra.campus.clock import AMHERST
from infra.campus.records import CloudEvent, cloud_event
from infra.campus.registrar import ENROLLMENT_CHANGED, TERM_WITHDRAWN
from infra.campus.spire import Row, Student, row_key

RowAct = Literal["drop", "withdraw", "cancel", "enroll"]
ENROLLMENT_SOURCE = "/spire/enrollment"


@dataclass(frozen=True, slots=True)
class Change:
    """The codes an act leaves in the row (docs/glossary.md: after add/drop the row stays at E)."""

    action: str
    status: str
    reason: str
    grade: str | None = None
    actor: str = "self_service"


CHANGES: dict[RowAct, Change] = {
    "drop": Change("D", "D", "DROP"),
    "withdraw": Change("D", "E", "WDRW", "W"),
    "cancel": Change("D", "D", "CANC", actor="administration"),
    "enroll": Change("E", "E", "ENRL"),
}


def change_row(student: Student, row: Row, act: RowAct, now: datetime) -> CloudEvent:
    """`row` as SPIRE shows it, or as it will be for a class the student does not have yet."""
    change = CHANGES[act]
    units = student.full_units.get(row_key(row), str(row.get("units", "0.00")))
    known = student.rows.get(row_key(row))
    data = {name: value for name, value in row.items() if name not in {"status", "reason", "grade"}}
    data |= {
        "units": units,
        "previous": {name: known.get(name) for name in ("status", "reason", "grade", "units")} if known else None,
        "current": {
            "status": change.status,
            "reason": change.reason,
            "grade": change.grade,
            "units": "0.00" if change.status == "D" else units,
        },
        "action": change.action,
        "actor": change.actor,
    }
    return _registrar_event(student, ENROLLMENT_CHANGED, f"{row['strm']}/{row['class_nbr']}", data, now)


def withdraw_term(student: Student, strm: str, code: str, now: datetime) -> CloudEvent:
    """`code` is WDR, or NWD which takes a withdrawal back."""
    data = {"acad_career": _career(student), "institution": "UMAMH", "strm": strm, "withdraw_code": code}
    return _registrar_event(student, TERM_WITHDRAWN, strm, data, now)


def new_row(student: Student, strm: str, class_nbr: str, course: str, units: str) -> Row:
    """`course` is subject and catalog number, as `COMPSCI 698`."""
    subject, _, catalog_nbr = course.strip().partition(" ")
    return {
        "emplid": student.emplid,
        "acad_career": _career(student),
        "institution": "UMAMH",
        "strm": strm,
        "session_code": "1",
        "class_nbr": class_nbr,
        "component": "PRA",
        "primary_class_nbr": class_nbr,
        "subject": subject,
        "catalog_nbr": f" {catalog_nbr.strip()}",
        "units": units,
        "grading_basis": "GRD",
    }


def _registrar_event(student: Student, kind: str, subject: str, data: Row, now: datetime) -> CloudEvent:
    sequence = student.source_seq + 1
    told = {
        "emplid": student.emplid,
        "effective_dt": now.astimezone(AMHERST).date().isoformat(),
        "source_seq": sequence,
    }
    request = {"enrl_request_id": f"{sequence:010}"} if kind == ENROLLMENT_CHANGED else {}
    return cloud_event(kind, ENROLLMENT_SOURCE, subject, data | told | request, now)


def _career(student: Student) -> str:
    return student.profile.acad_career if student.profile else "UGRD"
