"""One good event of every kind that deserves a notice; `**changes` makes it the one a test is about."""

from datetime import UTC, date, datetime
from decimal import Decimal

from cpt.contracts.alerts import AlertEscalated, AlertRaised, MonitoringBlind
from cpt.contracts.envelope import Envelope
from cpt.contracts.intake import ConsultationAsked, DueDateMoved, RequestCompleted, RequestHeld, StudentReminded
from cpt.contracts.review import CaseApproved, CaseDenied, CaseReturned, I20Issued, ReturnReason, StartPushedBack
from cpt.contracts.staff import (
    AcknowledgementAsked,
    AuthorizationChanged,
    AuthorizationEnding,
    ContactAsked,
    CourseConfirmed,
    DigestPrepared,
    I20FileAdded,
    ReportPrepared,
    StudentMessaged,
    TaskEscalated,
    TaskOpened,
)
from cpt.contracts.values import (
    Address,
    AuthorizationHit,
    DocumentRef,
    Facts,
    Form,
    Gap,
    Hours,
    MissingItem,
    NamedCourse,
    Person,
    Recipient,
    Segment,
    SevisDocument,
)

NOW = datetime(2026, 9, 10, 15, 4, tzinfo=UTC)
MEI = Recipient(name="Mei Li", email="mei.li@student.example")
ADVISER = Recipient(name="Ana Ortiz", email="ana.ortiz@ipo.example")
COMPLIANCE = "compliance@ipo.example"
REQUEST = "0199-request"
HOURS = Hours(per_week=Decimal("20.0"), time="part_time")
FALL = Segment(strm="1267", start_date=date(2026, 9, 14), end_date=date(2026, 12, 11))
FACTS = Facts(
    facts_version=1,
    emplid="30012345",
    route="credit",
    start_date=date(2026, 9, 14),
    end_date=date(2026, 12, 11),
    coop=None,
)
PLACE = Address(street="12 Main St", city="Springfield", region="MA", postal_code="01103")
OF_REQUEST = {"request_id": REQUEST, "reference": "CPT-7Q4M", "round": 1, "receipt_number": 17, "recipient": MEI}


def enveloped(event, event_id="event-1"):
    return Envelope(id=event_id, source=event.SOURCE, type=event.TYPE, time=NOW, event=event)


def completed(**changes):
    form = Form(
        employer="Baystate Robotics Inc.",
        employer_address=PLACE,
        job_title="Intern",
        duties="Builds robots",
        hours_per_week=Decimal(20),
        work_locations=(PLACE,),
        compensation="$24.00 per hour",
        terms=("1267",),
        adviser_consulted=None,
        already_started=False,
    )
    values = dict(
        facts=FACTS,
        check_no=1,
        received_at=NOW,
        due_on=date(2026, 9, 17),
        form=form,
        agreement=None,
        flags=(),
        reinstated=False,
    )
    return RequestCompleted(**OF_REQUEST | values | changes)


def held(**changes):
    missing = (
        MissingItem(
            code="agreement.withdrawn",
            message="Your Handshake agreement was withdrawn.",
            who_can_fix="Career Development Hub",
            where="internships@umass.edu",
        ),
        MissingItem(
            code="enrollment.1267.not_enrolled",
            message="SPIRE shows no course for Fall 2026.",
            who_can_fix="student",
            where="SPIRE",
        ),
    )
    return RequestHeld(**OF_REQUEST | dict(cause="agreement", missing=missing) | changes)


def returned(**changes):
    values = dict(reasons=(ReturnReason(text="The letter names no end date."),), office_error=False, at=NOW)
    return CaseReturned(**OF_REQUEST | values | changes)


def denied(**changes):
    return CaseDenied(**OF_REQUEST | dict(reason="The training is not related to the major.", at=NOW) | changes)


def pushed_back(**changes):
    values = dict(
        requested_start=date(2026, 9, 14),
        authorized_start=date(2026, 9, 21),
        reason="We need more time for your I-20.",
        at=NOW,
    )
    return StartPushedBack(**OF_REQUEST | values | changes)


def issued(**changes):
    values = dict(
        facts=FACTS,
        authorization_version=1,
        replaces=None,
        relied_on_check=3,
        employer="Baystate Robotics Inc.",
        location="12 Main St, Springfield, MA 01103",
        hours=HOURS,
        requested_start=date(2026, 9, 14),
        segments=(FALL,),
        gaps=(),
        issued_on=date(2026, 9, 10),
        issued_at=NOW,
        signed_by="Ana Ortiz",
        recorded_by=Person(sub="ana", name="Ana Ortiz", email=ADVISER.email),
        document=SevisDocument(sha256="0" * 64, name="i20.pdf"),
    )
    return I20Issued(**OF_REQUEST | values | changes)


def approved(**changes):
    values = dict(
        request_id=REQUEST,
        round=1,
        receipt_number=17,
        facts=FACTS,
        adviser=Person(sub="ana", name=None, email=None),
        at=NOW,
        segments=(FALL,),
    )
    return CaseApproved(**values | changes)


def alerted(**changes):
    hit = AuthorizationHit(
        request_id=REQUEST,
        authorization_version=1,
        employer="Baystate Robotics Inc.",
        location="Springfield, MA",
        hours=HOURS,
        segments=(FALL,),
        position="running",
    )
    values = dict(
        alert_id="0199-alert",
        loss_id="0199-loss",
        severity="CRITICAL",
        overdue=False,
        emplid="30012345",
        student_name="Mei Li",
        sevis_id_masked="N••••••7890",
        authorizations=(hit,),
        strm="1267",
        course="COMPSCI 698",
        cause="dropped",
        effective_on=date(2026, 9, 30),
        received_at=NOW,
        detected_at=NOW,
        report_by=date(2026, 10, 21),
        days_left=21,
        assigned_adviser=ADVISER,
        confirmed_without_spire=False,
    )
    return AlertRaised(**values | changes)


def escalated(**changes):
    values = dict(
        alert_id="0199-alert",
        loss_id="0199-loss",
        severity="CRITICAL",
        step="pdso",
        days_left=14,
        report_by=date(2026, 10, 21),
        at=NOW,
    )
    return AlertEscalated(**values | changes)


def blind(**changes):
    return MonitoringBlind(**dict(at=NOW, reasons=("No registrar event for 6 hours.",)) | changes)


def digest(**changes):
    figures = dict(waiting=4, to_decide=3, to_issue=1, late=1, tasks=2, alerts=1, overdue=0)
    values = dict(
        day=date(2026, 9, 15), audience="adviser", to=Person(sub="dana", name=ADVISER.name, email=ADVISER.email)
    )
    return DigestPrepared(**values | figures | dict(at=NOW) | changes)


def due_moved(**changes):
    values = dict(due_on=date(2026, 9, 18), why="The university is closed on September 16.")
    return DueDateMoved(**OF_REQUEST | values | changes)


OFFICER = Person(sub="ana", name="Ana Ortiz", email=ADVISER.email)


def messaged(**changes):
    values = dict(text="Please bring your passport on Monday.", sent_by=OFFICER, at=NOW)
    return StudentMessaged(**OF_REQUEST | values | changes)


def contact_asked(**changes):
    values = dict(
        alert_id="0199-alert",
        employer="Baystate Robotics Inc.",
        course="COMPSCI 698",
        effective_on=date(2026, 9, 30),
        sent_by=OFFICER,
        at=NOW,
    )
    return ContactAsked(**OF_REQUEST | values | changes)


def shortened(**changes):
    values = dict(
        authorization_version=1,
        employer="Baystate Robotics Inc.",
        canceled=False,
        authorized_until=date(2026, 10, 31),
        segments=(Segment(strm="1267", start_date=date(2026, 9, 14), end_date=date(2026, 10, 31)),),
        reason="You told us that the project ends early.",
        changed_by=OFFICER,
        at=NOW,
    )
    return AuthorizationChanged(**OF_REQUEST | values | changes)


def canceled(**changes):
    return shortened(**dict(canceled=True, authorized_until=None, segments=(), reason="You will not start.") | changes)


def warned(**changes):
    values = dict(
        code="fulltime_cpt_twelve_months",
        message="With this training your full-time CPT reaches twelve months, which ends the claim to OPT at this level.",
        at=NOW,
    )
    return AcknowledgementAsked(**OF_REQUEST | values | changes)


SUMMER_AND_FALL = dict(
    requested_start=date(2026, 5, 11),
    segments=(
        Segment(strm="1265", start_date=date(2026, 5, 18), end_date=date(2026, 8, 21)),
        Segment(strm="1267", start_date=date(2026, 9, 8), end_date=date(2026, 12, 11)),
    ),
    gaps=(
        Gap(
            start_date=date(2026, 8, 22),
            end_date=date(2026, 9, 7),
            why="No term runs from August 22, 2026 to September 7, 2026; work on these days is not authorized.",
        ),
    ),
)


PRACTICUM = NamedCourse(strm="1267", subject="COMPSCI", catalog_nbr="698", class_nbr="41234")
INDEPENDENT = NamedCourse(strm="1267", subject="COMPSCI", catalog_nbr="696")


def task(kind=TaskOpened, **changes):
    about = {name: value for name, value in OF_REQUEST.items() if name != "recipient"}
    values = dict(
        task_id="7",
        code="student_withdrew_from_course",
        message="The student says that the course was given up.",
        student_name="Mei Li",
        owner=ADVISER,
        due_on=date(2026, 9, 14),
        at=NOW,
    )
    return kind(**about | values | changes)


def late_task(**changes):
    return task(TaskEscalated, due_on=date(2026, 9, 9), **changes)


def course_confirmed(**changes):
    values = dict(
        authorization_version=None,
        previous=(PRACTICUM,),
        courses=(INDEPENDENT,),
        comment="The Hub named another one.",
        confirmed_by=OFFICER,
        at=NOW,
    )
    return CourseConfirmed(**OF_REQUEST | values | changes)


def i20_ready(**changes):
    file = DocumentRef(
        kind="i20", strm=None, object_key="k", sha256="0" * 64, size=4, media_type="application/pdf", name="i20.pdf"
    )
    return I20FileAdded(**OF_REQUEST | dict(authorization_version=1, file=file, at=NOW) | changes)


def ending(**changes):
    values = dict(authorization_version=1, employer="Baystate Robotics Inc.", last_day=FALL.end_date, at=NOW)
    return AuthorizationEnding(**OF_REQUEST | values | changes)


def consultation_asked(**changes):
    values = dict(
        request_id=REQUEST,
        round=0,
        consultation_id="0199f3a0-0000-7000-8000-00000000000c",
        student_name="Mei Tanaka",
        employer="Baystate Robotics Inc.",
        consulted_on=date(2026, 8, 20),
        recipient=Recipient(name="Prof. Ann Bell", email="bell@umass.example"),
        expires_at=NOW,
        at=NOW,
    )
    return ConsultationAsked(**values | changes)


def reminded(what="start_near", **changes):
    values = dict(
        request_id=REQUEST, reference=OF_REQUEST["reference"], recipient=OF_REQUEST["recipient"], what=what,
        day=FALL.start_date, term="Fall 2026", employer="Baystate Robotics Inc.", missing=(), changes=None, at=NOW,
    )  # fmt: skip
    return StudentReminded(**values | changes)


def report(**changes):
    figures = dict(completed=41, approved=35, issued=33, in_time=32, returned=5, denied=1, median_days=3.44)
    return ReportPrepared(**dict(month=date(2026, 8, 1), at=NOW) | figures | changes)
