"""I20Issued, put together from the case, its dates and the document."""

from datetime import date, datetime

from cpt.campus.authorization import Authorization as Dates
from cpt.contracts.review import I20Issued
from cpt.contracts.values import Gap, Person, Segment, SevisDocument
from review.cases.courses import courses_of
from review.cases.dossier import Dossier
from review.cases.flags import hours_of
from review.cases.replacement import earlier_then


def issued_event(
    dossier: Dossier,
    dates: Dates,
    recorded_by: Person,
    now: datetime,
    *,
    issued_on: date,
    signed_by: str,
    sha256: str,
    name: str,
) -> I20Issued:
    """R56, R57: it names employer and location; a later version says which one it replaces (case 65)."""
    case, done, standing = dossier.case, dossier.case.completed, dossier.standing
    assert dossier.answer is not None, "the gate opened on an answer"
    return I20Issued(
        request_id=case.request_id,
        round=case.round,
        receipt_number=case.receipt_number,
        reference=done.reference,
        facts=done.facts,
        authorization_version=standing.version + 1 if standing else 1,
        replaces=standing.version if standing else None,
        relied_on_check=dossier.answer.check_no,
        employer=done.form.employer,
        location="; ".join(f"{place.city}, {place.region}" for place in done.form.work_locations),
        hours=hours_of(case),
        requested_start=done.facts.start_date,
        segments=tuple(Segment(strm=s.strm, start_date=s.start_date, end_date=s.end_date) for s in dates.segments),
        gaps=tuple(Gap(start_date=g.start_date, end_date=g.end_date, why=g.why) for g in dates.gaps),
        issued_on=issued_on,
        issued_at=now,
        signed_by=signed_by,
        recorded_by=recorded_by,
        document=SevisDocument(sha256=sha256, name=name),
        recipient=done.recipient,
        courses=courses_of(dossier),
        earlier=earlier_then(dossier, dates.segments[0].start_date),
    )
