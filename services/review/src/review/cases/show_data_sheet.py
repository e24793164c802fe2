"""The data sheet that a DSO has beside SEVIS: as recorded, or as it would be."""

from datetime import datetime
from typing import Any

from cpt.contracts.values import Person, Segment
from cpt.postgres import Connection
from review.cases.authorized_dates import authorized_dates, require_within_program
from review.cases.data_sheet import SevisText, data_sheet
from review.cases.dossier import Dossier, load_dossier
from review.cases.ownership import find_completed
from review.domain import Fault, Refused
from review.domain.sevis_fields import LIMITS
from review.store import Cause, calendar_in_force, write_audit


async def show_data_sheet(
    connection: Connection, request_id: str, reader: Person | None, now: datetime
) -> dict[str, Any]:
    """With a `reader` the reading is logged. As recorded with the I-20 once it is issued, before that as it would be. Raises `NoSuchCase`."""
    case = await find_completed(connection, request_id)
    if reader is not None:
        await write_audit(connection, Cause("read", reader.sub, now), "case_read", request_id, part="data_sheet")
    dossier = await load_dossier(connection, case, await calendar_in_force(connection), now)
    standing, student = dossier.standing, dossier.student
    about = {
        "request_id": request_id,
        "reference": case.completed.reference,
        "student": case.completed.recipient.name,
        "sevis_id": student.sevis_id if student else None,
        "limits": LIMITS,
        "enrollment": dossier.answer.outcome if dossier.answer else "pending",
    }
    if standing is not None and standing.sevis is not None:
        return about | {"recorded": True, **standing.sevis, "faults": []}
    segments, refused = _segments(dossier)
    sheet = data_sheet(dossier, segments, _kept_text(dossier))
    faults = [*sheet.faults, *refused]
    return about | {"recorded": False, **sheet.as_sent, "faults": [_as_error(fault) for fault in faults]}


def _segments(dossier: Dossier) -> tuple[tuple[Segment, ...], list[Fault]]:
    try:
        dates = authorized_dates(dossier, start=dossier.start_set, issued_on=None)
        found = tuple(Segment(strm=s.strm, start_date=s.start_date, end_date=s.end_date) for s in dates.segments)
        require_within_program(dossier, start=dossier.start_set, issued_on=None)
    except Refused as refused:
        return (), [Fault("employment", refused.code, str(refused))]
    return found, []


def _kept_text(dossier: Dossier) -> SevisText:
    return SevisText(**(dossier.case.document or {}).get("sevis", {}))


def _as_error(fault: Fault) -> dict[str, str]:
    return {"field": fault.field, "code": fault.code, "message": fault.message}
