"""Campus events → rows: what SPIRE shows after the registrar reported it (docs/connect.md)."""

from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ValidationError

from infra.campus.spire import Row, Spire

ENROLLMENT_CHANGED = "edu.umass.spire.enrollment-changed.v1"
TERM_WITHDRAWN = "edu.umass.spire.term-withdrawn.v1"
SESSION_WITHDRAWN = "edu.umass.spire.session-withdrawn.v1"


class RowState(BaseModel):
    status: str
    reason: str | None = None
    grade: str | None = None
    units: Decimal


class EnrollmentChange(BaseModel):
    """The smallest form that tells a row; codes stay text, since SPIRE itself may show one nobody knows (case 8)."""

    emplid: str
    acad_career: str
    strm: str
    class_nbr: str
    subject: str
    catalog_nbr: str
    units: Decimal
    current: RowState
    effective_dt: date
    source_seq: int


class TermWithdrawal(BaseModel):
    emplid: str
    strm: str
    withdraw_code: str
    effective_dt: date
    source_seq: int


def follow_event(spire: Spire, event: dict[str, Any]) -> None:
    """Let SPIRE follow one event. Types of another version and malformed data are sent, but change no row."""
    data = event.get("data")
    if not isinstance(data, dict):
        return
    try:
        if event.get("type") == ENROLLMENT_CHANGED:
            spire.follow_row(row_after(data, EnrollmentChange.model_validate(data)))
        elif event.get("type") in {TERM_WITHDRAWN, SESSION_WITHDRAWN}:
            spire.follow_withdrawal(data | {"source_seq": TermWithdrawal.model_validate(data).source_seq})
    except ValidationError:
        return  # sent all the same: the receivers are to be seen coping with it


def row_after(data: Row, change: EnrollmentChange) -> Row:
    """The row as SPIRE's read side shows it: the event without `previous` and `action`, the current state on top."""
    row = {name: value for name, value in data.items() if name not in {"previous", "current", "action"}}
    state = data["current"]
    return row | {
        "status": state["status"],
        "reason": state.get("reason"),
        "grade": state.get("grade"),
        "units": state["units"],
        "source_seq": change.source_seq,
    }
