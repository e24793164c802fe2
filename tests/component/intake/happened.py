"""What review and enrollment-sync say about a request as it stands at intake."""

from datetime import date, timedelta

from cpt.contracts.enrollment import EnrollmentChecked
from cpt.contracts.review import (
    CaseApproved,
    CaseAssigned,
    CaseDenied,
    CaseGivenBack,
    CaseReassigned,
    CaseReturned,
    CaseWithdrawn,
    I20Issued,
    ReturnReason,
)
from cpt.contracts.staff import CourseConfirmed, I20FileAdded
from cpt.contracts.values import DocumentRef, Facts, Finding, Hours, NamedCourse, Recipient, Segment, SevisDocument
from tests.factories import ADVISER, NOW, a_student

SPAN = (date(2026, 9, 14), date(2026, 12, 11))


def _about(request, older):
    return dict(request_id=request.request_id, round=request.round - older, receipt_number=request.last_number)


def _facts(request):
    start, end = SPAN
    return Facts(facts_version=1, emplid=request.emplid, route="credit", start_date=start, end_date=end, coop=None)


def assigned(request, older=0):
    return CaseAssigned(**_about(request, older), facts=_facts(request), adviser=ADVISER, at=NOW, unverified=False)


def approved(request, older=0):
    return CaseApproved(**_about(request, older), facts=_facts(request), adviser=ADVISER, at=NOW, segments=())


def given_back(request, older=0):
    return CaseGivenBack(**_about(request, older), at=NOW)


def reassigned(request, older=0):
    return CaseReassigned(**_about(request, older), adviser=ADVISER, at=NOW)


def course_confirmed(request, older=0, *, catalog_nbr="696"):
    course = NamedCourse(strm="1267", subject="COMPSCI", catalog_nbr=catalog_nbr)
    return CourseConfirmed(
        **_about(request, older),
        reference=request.reference,
        authorization_version=request.authorized["version"] if request.authorized else None,
        previous=(),
        courses=(course,),
        comment="internal",
        confirmed_by=ADVISER,
        recipient=Recipient(name="Ana Lima", email=None),
        at=NOW,
    )


def i20_file_added(request, older=0, *, version=1, sha256="a" * 64):
    file = DocumentRef(
        kind="i20",
        strm=None,
        object_key="i20/1",
        sha256=sha256,
        size=1000,
        media_type="application/pdf",
        name="i20.pdf",
    )
    return I20FileAdded(
        **_about(request, older),
        reference=request.reference,
        authorization_version=version,
        file=file,
        recipient=Recipient(name="Ana Lima", email=None),
        at=NOW,
    )


def returned(request, older=0, *, item=None, office_error=False):
    return CaseReturned(
        **_about(request, older),
        reference=request.reference,
        reasons=(ReturnReason(text="The contract is not signed.", item=item),),
        office_error=office_error,
        recipient=Recipient(name="Ana Lima", email=None),
        at=NOW,
    )


def returned_by_error(request, older=0):
    return returned(request, older, office_error=True)


def denied(request, older=0):
    told = dict(reference=request.reference, reason="Not integral.", recipient=Recipient(name="Ana Lima", email=None))
    return CaseDenied(**_about(request, older), **told, at=NOW)


def withdrawn(request, older=0):
    return CaseWithdrawn(**_about(request, older), at=NOW)


def issued(request, older=0, *, version=1, start=SPAN[0], **fields):
    return I20Issued(
        **_about(request, older),
        reference=request.reference,
        facts=_facts(request),
        authorization_version=version,
        replaces=version - 1 or None,
        relied_on_check=1,
        employer="Baystate Robotics Inc.",
        location="Holyoke, MA",
        hours=Hours(per_week=20, time="part_time"),
        requested_start=SPAN[0],
        segments=(Segment(strm="1267", start_date=start, end_date=SPAN[1]),),
        gaps=(),
        issued_on=date(2026, 8, 31),
        issued_at=NOW + timedelta(hours=1),
        signed_by="Kim Lee",
        recorded_by=ADVISER,
        document=SevisDocument(sha256="a" * 64, name="i20.pdf"),
        recipient=Recipient(name="Ana Lima", email=None),
        **fields,
    )


def checked(request, outcome="met", older=0, *, no=None, **fields):
    """`older`: a check of facts that are no longer those of the request."""
    code = "enrolled" if outcome == "met" else "not_enrolled"
    finding = Finding(strm="1267", outcome=outcome, code=code, message="…", rule="R28")
    given = dict(
        calendar_version=1,
        rule_version="1",
        findings=(finding,),
        flags=(),
        asked_by=(),
        checked_at=NOW,
        student=a_student(),
    )
    return EnrollmentChecked(
        request_id=request.request_id,
        emplid=request.emplid,
        check_no=no or (request.enrollment.check_no if request.enrollment else 0) + 1,
        facts_version=request.facts_version - older,
        outcome=outcome,
        **(given | fields),
    )
