"""What the registrar, intake and review tell, with everything a test does not care about filled in."""

from datetime import UTC, date, datetime
from decimal import Decimal

from cpt.contracts.alerts import AlertClosed, ConfirmationAsked
from cpt.contracts.campus import EnrollmentChanged, RowState, SessionWithdrawn, TermWithdrawn
from cpt.contracts.intake import RequestSubmitted, StudentReported
from cpt.contracts.review import CaseApproved, CaseAssigned, CaseDenied, CaseWithdrawn, I20Issued, IssuanceAsked
from cpt.contracts.staff import AuthorizationChanged, AuthorizationImported, CourseConfirmed
from cpt.contracts.values import Hours, Segment, SevisDocument
from tests.factories import ADVISER, STUDENT, facts

START = datetime(2026, 9, 20, 14, tzinfo=UTC)
FALL = Segment(strm="1267", start_date=date(2026, 9, 14), end_date=date(2026, 12, 11))


def a_row(class_nbr="41234", seq=10, **changes):
    """As SPIRE shows it; an enrolled practicum of one credit in Fall 2026."""
    given = dict(
        acad_career="GRAD", institution="UMAMH", strm="1267", session_code="1", class_nbr=class_nbr, component="PRA",
        primary_class_nbr=class_nbr, subject="COMPSCI", catalog_nbr=" 698", units="1.00", grading_basis="GRD",
        status="E", reason="ENRL", grade=None, effective_dt="2026-09-08", source_seq=seq,
    )  # fmt: skip
    return given | changes


def changed(class_nbr="41234", seq=20, emplid="30012345", *, act=None, action="D", **changes):
    """As the registrar tells it; a drop unless told otherwise."""
    row = a_row(class_nbr, seq, **(dict(status="D", reason="DROP", units="0.00", effective_dt="2026-09-20") | changes))
    state = {name: row.pop(name) for name in ("status", "reason", "grade")} | {"units": Decimal(row["units"])}
    return EnrollmentChanged(
        emplid=emplid, **row, current=RowState(**state), action=action, enrl_request_id=act, actor="self_service"
    )


def added(class_nbr="41234", seq=21, **changes):
    return changed(class_nbr, seq, **(dict(status="E", reason="ENRL", units="1.00", action="E") | changes))


def term_withdrawn(seq=20, emplid="30012345", strm="1267", code="WDR"):
    return TermWithdrawn(
        emplid=emplid,
        acad_career="GRAD",
        institution="UMAMH",
        strm=strm,
        withdraw_code=code,
        effective_dt=date(2026, 9, 20),
        source_seq=seq,
    )


def session_withdrawn(seq=20, emplid="30012345", session="1", code="WDR"):
    told = term_withdrawn(seq, emplid, code=code).model_dump()
    return SessionWithdrawn(**told, session_code=session)


def submitted(request_id="r1", **fields):
    return RequestSubmitted(request_id=request_id, facts=facts(**fields))


def assigned(request_id="r1", **fields):
    return CaseAssigned(
        request_id=request_id, round=1, receipt_number=1, facts=facts(**fields), adviser=ADVISER, at=START,
        unverified=False,
    )  # fmt: skip


def approved(request_id="r1", **fields):
    return CaseApproved(
        request_id=request_id, round=1, receipt_number=1, facts=facts(**fields), adviser=ADVISER, at=START,
        segments=(FALL,),
    )  # fmt: skip


def issuance(request_id="r1", **fields):
    return IssuanceAsked(request_id=request_id, round=1, receipt_number=1, facts=facts(**fields), at=START)


def issued(request_id="r1", *, version=1, segments=(FALL,), **fields):
    return I20Issued(
        request_id=request_id, round=1, receipt_number=1, reference="CPT-2026-000001", facts=facts(**fields),
        authorization_version=version, replaces=None, relied_on_check=1, employer="Baystate Robotics Inc.",
        location="Springfield, MA", hours=Hours(per_week=Decimal(15), time="part_time"),
        requested_start=date(2026, 9, 14), segments=tuple(segments), gaps=(), issued_on=date(2026, 9, 11),
        issued_at=START, signed_by="Dana Reed", recorded_by=ADVISER,
        document=SevisDocument(sha256="0" * 64, name="i20.pdf"), recipient=STUDENT,
    )  # fmt: skip


def imported(request_id="i1", *, segments=(FALL,), **fields):
    return AuthorizationImported(
        request_id=request_id, round=0, receipt_number=None, facts=facts(**fields), authorization_version=1,
        employer="Baystate Robotics Inc.", location="Springfield, MA",
        hours=Hours(per_week=Decimal(15), time="part_time"), segments=tuple(segments), at=START,
    )  # fmt: skip


def confirmation(*request_ids, loss_id="loss-1"):
    return ConfirmationAsked(alert_id="alert-1", loss_id=loss_id, request_ids=request_ids or ("r1",), at=START)


def denied(request_id="r1"):
    return CaseDenied(
        request_id=request_id, round=1, receipt_number=1, reference="x", reason="…", recipient=STUDENT, at=START
    )


def case_withdrawn(request_id="r1"):
    return CaseWithdrawn(request_id=request_id, round=1, receipt_number=1, at=START)


def alert_closed(*request_ids, until=None, canceled=False, outcome="cpt_changed_in_sevis"):
    return AlertClosed(
        alert_id="alert-1", loss_id="loss-1", request_ids=request_ids or ("r1",), outcome=outcome,
        authorized_until=until, canceled=canceled, at=START,
    )  # fmt: skip


def course_confirmed(*courses, request_id="r1", loss_id=None):
    return CourseConfirmed(
        request_id=request_id,
        round=1,
        receipt_number=1,
        reference="CPT-2026-000001",
        authorization_version=1,
        previous=(),
        courses=courses,
        comment="The department confirmed it",
        confirmed_by=ADVISER,
        recipient=STUDENT,
        loss_id=loss_id,
        at=START,
    )


def reported(what="withdrew_from_course", request_id="r1"):
    return StudentReported(
        request_id=request_id, round=1, what=what, on=date(2026, 9, 18), words="I had to drop it", at=START
    )


def authorization_changed(request_id="r1", until=None):
    """Canceled, or a new last day, at the DSO's desk."""
    return AuthorizationChanged(
        request_id=request_id,
        round=1,
        receipt_number=1,
        reference="CPT-2026-000001",
        authorization_version=1,
        employer="Baystate Robotics Inc.",
        canceled=until is None,
        authorized_until=until,
        segments=(),
        reason="The employer withdrew the offer",
        changed_by=ADVISER,
        recipient=STUDENT,
        at=START,
    )
