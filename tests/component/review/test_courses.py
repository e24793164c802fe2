"""The course a CPT rests on: named, found, confirmed, replaced, or not known (A23, A24)."""

from datetime import date
from decimal import Decimal

import pytest

from cpt.contracts.alerts import AlertClosed, AlertRaised
from cpt.contracts.enrollment import CoursesAssumed, QualifyingCourseReplaced
from cpt.contracts.review import CaseApproved, I20Issued, IssuanceAsked
from cpt.contracts.staff import CourseConfirmed
from cpt.contracts.values import EnrolledClass, Finding, NamedCourse
from review.alerts.close_alert import Resolution, close_alert
from review.alerts.escalate_alerts import escalate_alerts
from review.alerts.settle_replacements import settle_replacements
from review.alerts.show_alerts import show_alerts
from review.alerts.treat_as_loss import call_it_a_loss
from review.cases.approve_case import Approval, approve_case
from review.cases.name_courses import name_courses
from review.domain import Unfit
from tests.component.review.acts import assigned, issued, record, view
from tests.component.review.conftest import NOW
from tests.factories import ADVISER, a_hit, checked, facts, lost


def course(number="698", class_nbr=None, strm="1267"):
    return NamedCourse(strm=strm, subject="COMPSCI", catalog_nbr=number, class_nbr=class_nbr)


PRACTICUM, OTHER = course(class_nbr="41234"), course("696", "41999")
NAMED = facts(courses=(course(),))


def found(number="698", class_nbr="41234"):
    finding = Finding(
        strm="1267", outcome="met", code="met", message="…", rule="R28", course=course(number, class_nbr)
    )  # fmt: skip
    return {"findings": (finding,)}


async def approved(review, courses=None, **answer):
    question = await assigned(review, facts=NAMED)
    await review.hear(checked(check_no=2, asked_by=[question], **(answer or found())))
    async with review.act() as connection:
        await approve_case(connection, "r1", ADVISER, Approval(courses=courses), review.now)


async def last(review, kind):
    return [told.event for told in await review.published(kind)][-1]


async def the_alert(review):
    async with review.act() as connection:
        (alert,) = await show_alerts(connection, None, None, review.now, None, "nobody")
    return alert


async def test_the_case_shows_what_was_named_beside_what_was_found(review):
    """Case 73, A23: named without a class, found as class 41234, not confirmed yet."""
    question = await assigned(review, facts=NAMED)
    await review.hear(checked(check_no=2, asked_by=[question], **found()))

    (shown,) = (await view(review))["courses"]
    assert (shown["catalog_nbr"], shown["found"], shown["found_class"], shown["confirmed"]) == (
        "698", True, "41234", False
    )  # fmt: skip


async def test_approving_confirms_the_course_as_named_and_found(review):
    """A23: CaseApproved, the question before the I-20 and the I-20 carry it; nobody is told of a correction."""
    await approved(review)
    await record(review)
    question = (await review.published(IssuanceAsked))[-1].id
    await review.hear(checked(check_no=3, asked_by=[question], **found()))
    await record(review)

    carried = [(await last(review, kind)).courses for kind in (CaseApproved, IssuanceAsked, I20Issued)]
    assert carried == [(PRACTICUM,)] * 3
    assert await review.published(CourseConfirmed) == []
    assert [one["confirmed"] for one in (await view(review))["courses"]] == [True]


async def test_a_corrected_course_is_told_to_the_student_and_asked_for_before_the_i20(review):
    """A23: before an I-20 there is no version of it."""
    await approved(review, [course("0696 ", "41999")])
    await record(review)

    told = await last(review, CourseConfirmed)
    assert (told.authorization_version, told.previous, told.courses) == (None, (course(),), (OTHER,))
    assert (await last(review, IssuanceAsked)).courses == (OTHER,)


@pytest.mark.parametrize("said", [[], [course(strm="1271")]])
async def test_a_correction_names_a_course_for_each_term_and_no_other(review, said):
    """A23, every fault at once; nothing is approved."""
    question = await assigned(review, facts=NAMED)
    await review.hear(checked(check_no=2, asked_by=[question], **found()))
    async with review.act() as connection:
        with pytest.raises(Unfit) as unfit:
            await approve_case(connection, "r1", ADVISER, Approval(courses=said), review.now)

    assert {fault.field for fault in unfit.value.faults} >= {"courses"}
    assert (await review.case()).state == "assigned"


def replaced(*hits):
    return QualifyingCourseReplaced(
        request_id="r1", loss_id="loss-1", emplid="30012345", student_name="Ana Lima", strm="1267",
        authorizations=hits or (a_hit(),), previous_course="COMPSCI 698", course="COMPSCI 696",
        effective_on=date(2026, 9, 1), event_time=NOW, received_at=NOW, detected_at=NOW, replaced=PRACTICUM,
        replacement=OTHER, other_courses=("COMPSCI 514", "COMPSCI 520"),
    )  # fmt: skip


async def test_a_replaced_course_is_open_mailed_and_has_no_clock(review):
    """Case 74, A24, P26: MEDIUM until a DSO confirms it; never a breach."""
    await issued(review, facts=NAMED, answer=found())
    await review.hear(replaced())

    alert = await the_alert(review)
    assert (alert["kind"], alert["state"], alert["severity"], alert["overdue"]) == (
        "replaced", "confirmed", "MEDIUM", False
    )  # fmt: skip
    assert alert["sentence"] == (
        "COMPSCI 698 replaced by COMPSCI 696 in the same act; still enrolled in COMPSCI 514, COMPSCI 520."
    )
    raised = await last(review, AlertRaised)
    assert (raised.kind, raised.replacement, raised.assigned_adviser.email) == (
        "replaced", "COMPSCI 696", "dana@umass.example"
    )  # fmt: skip
    review.now = review.now.replace(month=11)
    assert await escalate_alerts(review.database, review.now) == 0


async def test_a_confirmed_replacement_becomes_the_course_the_cpt_rests_on(review):
    """Case 74, A24: the watch moves, the student is told, the task is done."""
    await issued(review, facts=NAMED, answer=found())
    await review.hear(replaced())
    async with review.act() as connection:
        alert_id = (await the_alert(review))["alert_id"]
        await close_alert(connection, alert_id, ADVISER, Resolution("swapped", comment="The Hub agrees"), review.now)

    told = await last(review, CourseConfirmed)
    assert (told.courses, told.previous, told.loss_id) == ((OTHER,), (PRACTICUM,), "loss-1")
    shown = await view(review)
    assert ([one["catalog_nbr"] for one in shown["courses"]], shown["tasks"]) == (["696"], [])
    assert (await last(review, AlertClosed)).outcome == "swapped"


async def test_a_replacement_is_settled_from_the_case_as_well(review):
    await issued(review, facts=NAMED, answer=found())
    await review.hear(replaced())
    async with review.act() as connection:
        named = await name_courses(connection, "r1", ADVISER, [OTHER], "The Hub agrees", review.now)
        await settle_replacements(connection, "r1", named, ADVISER, review.now)

    assert (await the_alert(review))["state"] == "closed"


@pytest.mark.parametrize("by", ["person", "watch"])
async def test_a_replacement_that_is_called_a_loss_has_a_clock_from_then_on(review, by):
    """A24: CRITICAL while the CPT runs, mailed again; also where SPIRE shows it."""
    await issued(review, facts=NAMED, answer=found())
    await review.hear(replaced())
    alert_id = (await the_alert(review))["alert_id"]
    if by == "watch":
        await review.hear(lost("loss-1"))
    else:
        async with review.act() as connection:
            await call_it_a_loss(connection, alert_id, ADVISER, "Not the internship", review.now)

    alert = await the_alert(review)
    assert (alert["kind"], alert["severity"], alert["state"]) == ("enrollment", "CRITICAL", "confirmed")
    assert [told.event.kind for told in await review.published(AlertRaised)] == ["replaced", "enrollment"]


def assumed(*unnamed):
    taken = EnrolledClass(
        strm="1267",
        subject="COMPSCI",
        catalog_nbr="514",
        class_nbr="4",
        session_code="1",
        units=Decimal(3),
        active=True,
    )
    return CoursesAssumed(
        request_id="r1", emplid="30012345", courses=() if unnamed else (PRACTICUM,), unnamed=unnamed, classes=(taken,),
        at=NOW,
    )  # fmt: skip


async def test_a_course_that_nobody_named_is_a_task_until_a_dso_names_it(review):
    """A23: requests of before; the task says what SPIRE shows."""
    await issued(review)
    await review.hear(assumed("1267"))
    (task,) = (await view(review))["tasks"]
    async with review.act() as connection:
        await name_courses(connection, "r1", ADVISER, [PRACTICUM], "From the file", review.now)

    assert (task["code"], "Fall 2026. SPIRE shows: COMPSCI 514." in task["message"]) == ("course_unnamed", True)
    shown = await view(review)
    assert (shown["tasks"], [one["confirmed"] for one in shown["courses"]]) == ([], [True])
    assert (await last(review, CourseConfirmed)).authorization_version == 1


async def test_the_only_training_course_of_a_request_of_before_is_supposed(review):
    """A23."""
    await assigned(review)
    await review.hear(assumed())

    assert [(one["catalog_nbr"], one["confirmed"]) for one in (await view(review))["courses"]] == [("698", False)]


async def test_the_courses_are_named_over_http(review, web):
    """docs/api: `POST /api/cases/{id}/courses`; what is no course of the training is refused by field."""
    await issued(review)
    said = {"strm": "1267", "subject": "compsci", "catalog_nbr": " 0698", "class_nbr": "41234"}
    async with web("adviser") as adviser, web("compliance") as compliance:
        good = await adviser.post("/api/cases/r1/courses", json={"courses": [said], "comment": "From the file"})
        bad = await adviser.post("/api/cases/r1/courses", json={"courses": [said | {"strm": "1273"}], "comment": ""})
        other = await compliance.post("/api/cases/r1/courses", json={"courses": [said], "comment": ""})
        page = await adviser.get("/cases/r1")

    assert (good.status_code, good.json()["courses"][0]["catalog_nbr"]) == (200, "698")
    assert (bad.status_code, [error["field"] for error in bad.json()["errors"]]) == (422, ["courses.0.strm", "courses"])
    assert (other.status_code, "Course this CPT rests on" in page.text) == (403, True)
