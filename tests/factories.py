"""Events as the services send them, with everything that a test does not care about filled in."""

from datetime import UTC, date, datetime
from decimal import Decimal

from cpt.contracts.enrollment import EnrollmentChecked, RequirementLost, RequirementRegained
from cpt.contracts.envelope import Envelope
from cpt.contracts.intake import RequestCompleted, RequestHeld, RequestWithdrawn
from cpt.contracts.values import (
    Address,
    AuthorizationHit,
    Facts,
    Finding,
    Form,
    Hours,
    MissingItem,
    NamedCourse,
    Person,
    Recipient,
    Segment,
    StudentProfile,
)

NOW = datetime(2026, 9, 1, 14, tzinfo=UTC)
HOME = Address(street="12 Main St", city="Springfield", region="MA", postal_code="01103")
STUDENT = Recipient(name="Ana Lima", email="ana@umass.example")
ADVISER = Person(sub="adviser-1", name="Dana Reed", email="dana@umass.example")
COLLEAGUE = Person(sub="adviser-2", name="Ravi Patel", email="ravi@umass.example")
DIRECTOR = Person(sub="director-1", name="Kim Lee", email="kim@umass.example")


COURSE = NamedCourse(strm="1267", subject="COMPSCI", catalog_nbr="698", class_nbr="41234")


def facts(emplid="30012345", *, version=1, **fields):
    given = dict(
        route="credit", start_date=date(2026, 9, 14), end_date=date(2026, 12, 11), coop=None, courses=(COURSE,)
    )
    return Facts(facts_version=version, emplid=emplid, **(given | fields))


def a_form(**fields):
    given = dict(
        employer="Baystate Robotics Inc.",
        employer_address=HOME,
        job_title="Robotics intern",
        duties="Build and test arms",
        hours_per_week=Decimal(15),
        work_locations=(HOME,),
        compensation="$24.00 per hour",
        terms=("1267",),
        adviser_consulted=None,
        already_started=False,
    )
    return Form(**(given | fields))


def completed(request_id="r1", number=1, *, round=1, **fields):  # noqa: A002 the wire's own word
    given = dict(
        reference=f"CPT-2026-{number:06}",
        facts=facts(),
        check_no=0,
        received_at=NOW,
        due_on=date(2026, 9, 9),
        form=a_form(),
        agreement=None,
        flags=(),
        recipient=STUDENT,
        reinstated=False,
    )
    return RequestCompleted(request_id=request_id, round=round, receipt_number=number, **(given | fields))


def held(request_id="r1", number=1, *, round=1, cause="enrollment"):  # noqa: A002 the wire's own word
    item = MissingItem(code="enrollment.1267.not_enrolled", message="…", who_can_fix="you", where="SPIRE")
    return RequestHeld(
        request_id=request_id,
        reference="CPT-2026-000001",
        round=round,
        receipt_number=number,
        cause=cause,
        missing=(item,),
        recipient=STUDENT,
    )


def withdrawn(request_id="r1", number=1, *, round=1):  # noqa: A002 the wire's own word
    return RequestWithdrawn(request_id=request_id, round=round, receipt_number=number)


def checked(request_id="r1", check_no=1, outcome="met", *, asked_by=(), facts_version=1, **fields):
    code = "met" if outcome == "met" else "not_enrolled"
    given = dict(
        emplid="30012345",
        calendar_version=1,
        rule_version="1",
        findings=(Finding(strm="1267", outcome=outcome, code=code, message="…", rule="R28"),),
        flags=(),
        checked_at=NOW,
        student=a_student(),
    )
    return EnrollmentChecked(
        request_id=request_id,
        check_no=check_no,
        facts_version=facts_version,
        outcome=outcome,
        asked_by=tuple(asked_by),
        **(given | fields),
    )


def a_student(**fields):
    given = dict(
        name="Ana Lima",
        email="ana@umass.example",
        acad_career="GRAD",
        level="masters",
        program="MS Computer Science",
        college="College of Engineering",
        program_end_date=date(2027, 5, 31),
        admit_until=None,
        sevis_id="N0012345678",
        english_language_program=False,
        degree_completed_on=None,
        prior_fulltime_terms=2,
        fulltime_cpt_days=0,
    )
    return StudentProfile(**(given | fields))


def a_hit(request_id="r1", position="running", hours=15):
    return AuthorizationHit(
        request_id=request_id,
        authorization_version=1,
        employer="Baystate Robotics Inc.",
        location="Springfield, MA",
        hours=Hours(per_week=Decimal(hours), time="part_time"),
        segments=(Segment(strm="1267", start_date=date(2026, 9, 14), end_date=date(2026, 12, 11)),),
        position=position,
    )


def lost(loss_id="loss-1", request_id="r1", *, hits=None, **fields):
    given = dict(
        emplid="30012345",
        student_name="Ana Lima",
        sevis_id="N0012345678",
        strm="1267",
        class_nbr="41234",
        course="COMPSCI 698",
        previous=None,
        current=None,
        cause="dropped",
        effective_on=date(2026, 9, 1),
        event_time=NOW,
        received_at=NOW,
        detected_at=NOW,
        actor="self_service",
        evidence=None,
        held=False,
    )
    return RequirementLost(
        request_id=request_id, loss_id=loss_id, authorizations=tuple(hits or [a_hit(request_id)]), **(given | fields)
    )


def regained(loss_id="loss-1", request_id="r1", *, request_ids=None, by="re_added", **fields):
    return RequirementRegained(
        request_id=request_id,
        loss_id=loss_id,
        emplid="30012345",
        request_ids=tuple(request_ids or [request_id]),
        by=by,
        at=NOW,
        **fields,
    )


def enveloped(event, event_id, *, time=NOW):
    return Envelope(id=event_id, source=event.SOURCE, type=event.TYPE, time=time, event=event)
