"""What a row of the office's list becomes: a case without a number, and the I-20 that stands."""

import uuid
from datetime import datetime, time
from itertools import pairwise

from cpt.campus.calendar import AcademicCalendar
from cpt.campus.clock import EASTERN
from cpt.campus.hours import work_time
from cpt.campus.policy import IN_FORCE
from cpt.contracts.intake import RequestCompleted
from cpt.contracts.review import I20Issued
from cpt.contracts.values import (
    Address,
    CoopContract,
    Facts,
    Flag,
    Form,
    Hours,
    Person,
    Recipient,
    Segment,
    SevisDocument,
)
from review.cases.import_row import ImportRow

IMPORTED_IDS = uuid.UUID("b7f3a9f4-6f0e-4b9d-8f39-6d1f5f3c2a60")
VERSION = 1
FLAG = Flag(
    code="imported",
    message="Authorized before this system existed and imported from the office's list; its papers are not here.",
)


def request_id_of(row: ImportRow) -> str:
    return str(uuid.uuid5(IMPORTED_IDS, row.key))


def completion_of(row: ImportRow) -> RequestCompleted:
    """As far as the list knows the request; 0 where there is no number, no round and no check."""
    place = _place(row)
    return RequestCompleted(
        request_id=request_id_of(row),
        reference=_reference(row),
        round=0,
        receipt_number=0,
        facts=_facts(row),
        check_no=0,
        received_at=_noon(row),
        due_on=row.issued_on,
        form=Form(
            employer=row.employer,
            employer_address=place,
            job_title=row.job_title,
            duties="",
            hours_per_week=row.hours_per_week,
            work_locations=(place,),
            compensation="",
            terms=(),
            adviser_consulted=None,
            already_started=False,
        ),
        agreement=None,
        flags=(FLAG,),
        recipient=_recipient(row),
        reinstated=False,
    )


def i20_of(row: ImportRow, calendar: AcademicCalendar) -> I20Issued:
    return I20Issued(
        request_id=request_id_of(row),
        round=0,
        receipt_number=None,
        reference=_reference(row),
        facts=_facts(row),
        authorization_version=VERSION,
        replaces=None,
        relied_on_check=0,
        employer=row.employer,
        location=f"{row.city}, {row.region}",
        hours=Hours(per_week=row.hours_per_week, time=work_time(row.hours_per_week, IN_FORCE.get().twenty_hours)),
        requested_start=row.start_date,
        segments=_segments(row, calendar),
        gaps=(),
        issued_on=row.issued_on,
        issued_at=_noon(row),
        signed_by=row.signed_by,
        recorded_by=Person(sub="import", name=None, email=None),
        document=SevisDocument(sha256="", name=""),
        recipient=_recipient(row),
        courses=row.named_courses,
    )


def _segments(row: ImportRow, calendar: AcademicCalendar) -> tuple[Segment, ...]:
    """One for each overlapped term, from the first day of the I-20 to its last; a co-op's straight through (R59)."""
    terms = calendar.overlapped_terms(row.start_date, row.end_date)
    if row.route == "coop":
        return (Segment(strm=terms[0].strm, start_date=row.start_date, end_date=row.end_date),)
    starts = [row.start_date, *(term.start for term in terms[1:])]
    ends = [*(term.end for term, _ in pairwise(terms)), row.end_date]
    return tuple(
        Segment(strm=t.strm, start_date=first, end_date=last)
        for t, first, last in zip(terms, starts, ends, strict=True)
    )


def _facts(row: ImportRow) -> Facts:
    days = {"start_date": row.start_date, "end_date": row.end_date}
    coop = CoopContract(agreement_id=row.agreement_id, **days) if row.route == "coop" else None
    return Facts(facts_version=1, emplid=row.emplid, route=row.route, coop=coop, courses=row.named_courses, **days)


def _place(row: ImportRow) -> Address:
    return Address(**row.model_dump(include=set(Address.model_fields)))


def _recipient(row: ImportRow) -> Recipient:
    return Recipient(name=row.name, email=row.email or None)


def _reference(row: ImportRow) -> str:
    return f"IMP-{row.key}"


def _noon(row: ImportRow) -> datetime:
    return datetime.combine(row.issued_on, time(12), EASTERN)
