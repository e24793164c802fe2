"""Cases that follow from the rules and stand nowhere: the work list, corrections, calendars, what a DSO is shown."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from cpt.contracts.intake import AgreementLost, RequestWithdrawn, StudentReported
from cpt.contracts.review import CaseApproved, I20Issued
from cpt.contracts.staff import CourseConfirmed, TaskEscalated, TaskOpened
from cpt.contracts.values import CoopContract, NamedCourse
from review.cases.approve_case import Approval, approve_case
from review.domain import Refused
from review.tasks.escalate_tasks import escalate_tasks
from tests.component.review.acts import assigned, flags, issued, view
from tests.component.review.conftest import NOW
from tests.component.review.test_courses import course, found, last
from tests.factories import ADVISER, a_form, checked, completed, facts


def lost(version, end, verdict="changed"):
    why = "The agreement was changed."
    days = {"start_date": date(2026, 9, 14), "end_date": end}
    return AgreementLost(
        request_id="r1", round=1, agreement_id="HS-1", version=version, verdict=verdict, why=why, **days
    )


async def tasks(review):
    return [envelope.event for envelope in await review.published(TaskOpened)]


async def test_an_agreement_that_is_cut_shorter_twice_is_two_tasks_though_the_words_are_the_same(review):
    """Case 79, P23: a later, worse change is never swallowed by an earlier one that is still open."""
    await issued(review)

    await review.hear(lost(2, date(2026, 11, 30)), lost(3, date(2026, 10, 16)))

    assert [task.code for task in await tasks(review)] == ["agreement_changed"] * 2
    assert len((await view(review))["tasks"]) == 2


async def test_a_correction_of_two_courses_to_one_is_told_to_the_student(review):
    """A23: what the office takes away is a correction too."""
    named = facts(courses=(course(), course("696")))
    question = await assigned(review, facts=named)
    await review.hear(checked(check_no=2, asked_by=[question], **found()))

    async with review.act() as connection:
        await approve_case(connection, "r1", ADVISER, Approval(courses=(course(),)), review.now)

    told = await last(review, CourseConfirmed)
    assert [one.catalog_nbr for one in told.courses] == ["698"]


async def test_approving_several_courses_as_named_carries_every_one_of_them(review):
    """A23: the approval and the I-20 name each, with the class that was found."""
    both = (course(class_nbr="41234"), course("696", "41999"))
    question = await assigned(review, facts=facts(courses=(course(), course("696"))))
    finding = found()["findings"][0].model_copy(update={"courses": both})
    await review.hear(checked(check_no=2, asked_by=[question], findings=(finding,)))

    async with review.act() as connection:
        await approve_case(connection, "r1", ADVISER, Approval(), review.now)

    assert (await last(review, CaseApproved)).courses == both
    assert [one["found"] for one in (await view(review))["courses"]] == [True, True]


async def test_of_several_named_courses_the_case_says_which_one_is_lacking(review):
    """A23: found or not, each by itself."""
    await assigned(review, facts=facts(courses=(course(), course("696"))))
    finding = found()["findings"][0].model_copy(update={"outcome": "not_met", "courses": (course(class_nbr="41234"),)})
    await review.hear(checked(check_no=2, outcome="not_met", findings=(finding,)))

    assert [(one["catalog_nbr"], one["found"]) for one in (await view(review))["courses"]] == [
        ("698", True),
        ("696", False),
    ]


@pytest.mark.parametrize("spelled", [" 698", "0698", "698"])
async def test_a_confirmed_course_in_another_spelling_is_no_correction(review, spelled):
    """A23: spaces and leading zeros do not matter."""
    question = await assigned(review, facts=facts(courses=(course(),)))
    await review.hear(checked(check_no=2, asked_by=[question], **found()))

    said = NamedCourse(strm="1267", subject=" compsci ", catalog_nbr=spelled, class_nbr=None)
    async with review.act() as connection:
        await approve_case(connection, "r1", ADVISER, Approval(courses=(said,)), review.now)

    assert await review.published(CourseConfirmed) == []


@pytest.mark.parametrize("what", ["withdrew_from_course", "stopped_working", "will_not_start"])
async def test_two_days_that_a_student_names_are_two_tasks(review, what):
    """Case 81: another day is other news; each has its owner and is escalated by itself."""
    await issued(review)
    for day in (date(2026, 10, 1), date(2026, 10, 2)):
        await review.hear(StudentReported(request_id="r1", round=1, what=what, on=day, words="", at=NOW))

    review.now = NOW + timedelta(days=10)
    while await escalate_tasks(review.database, review.now):
        pass

    assert len(await tasks(review)) == 2
    assert len(await review.published(TaskEscalated)) == 2


@pytest.mark.parametrize(
    ("first", "second", "flagged"),
    [("10", "10", False), ("10", "10.5", True), ("20", "1", True), ("40", "5", True), ("18", "18", True)],
)
async def test_the_hours_of_all_jobs_are_added_up(review, first, second, flagged):
    """Case 87, A30: more than twenty together; exactly twenty is not more."""
    await assigned(review, "r1", 1, form=a_form(hours_per_week=Decimal(first)))
    await assigned(review, "r2", 2, form=a_form(hours_per_week=Decimal(second), employer="Quabbin Optics LLC"))

    assert ("hours_together_over_twenty" in await flags(review, "r2")) is flagged


async def test_a_withdrawn_request_adds_no_hours(review):
    """A30: what has ended is no concurrent CPT."""
    await review.hear(checked("r1"), completed("r1", 1, form=a_form(hours_per_week=Decimal(18))))
    await review.hear(RequestWithdrawn(request_id="r1", round=1, receipt_number=1))
    await assigned(review, "r2", 2, form=a_form(hours_per_week=Decimal(18), employer="Quabbin Optics LLC"))

    assert "hours_together_over_twenty" not in await flags(review, "r2")


@pytest.mark.parametrize(
    ("start", "end", "flagged"),
    [
        (date(2026, 9, 14), date(2026, 12, 11), False),
        (date(2026, 9, 13), date(2026, 12, 11), True),
        (date(2026, 9, 14), date(2026, 12, 12), True),
        (date(2026, 9, 15), date(2026, 12, 10), False),
    ],
)
async def test_a_contract_beyond_the_offer_is_flagged_at_either_end(review, start, end, flagged):
    """A30: by a single day, and not where it is shorter."""
    contract = CoopContract(agreement_id="HS-1", start_date=start, end_date=end)
    await assigned(review, facts=facts(route="coop", coop=contract))

    assert ("contract_beyond_offer" in await flags(review)) is flagged


async def test_training_that_ended_while_the_case_waited_is_not_authorized(review):
    """A27: at approval 409, whatever SPIRE says."""
    question = await assigned(review)
    review.now = NOW.replace(year=2027)
    await review.hear(checked(check_no=2, asked_by=[question]))

    with pytest.raises(Refused) as refused:
        async with review.act() as connection:
            await approve_case(connection, "r1", ADVISER, Approval(), review.now)

    assert refused.value.code == "nothing_to_authorize"


async def test_an_agreement_lost_after_issuance_changes_no_state_and_no_authorization(review):
    """P23, case 47: a task for the DSO, nothing ends by itself."""
    await issued(review)
    before = (await view(review))["state"], len(await review.published(I20Issued))

    await review.hear(lost(2, date(2026, 11, 1)), lost(3, date(2026, 11, 1), "withdrawn"))

    assert ((await view(review))["state"], len(await review.published(I20Issued))) == before
