"""The two gates and the decisions: nothing is approved or issued on an old answer (P4, P21, R30, R49, R54, R60)."""

from datetime import date, timedelta

import pytest

from cpt.campus.calendar import illustrative_calendar
from cpt.contracts.enrollment import CalendarRevised
from cpt.contracts.intake import AgreementLost, DueDateMoved
from cpt.contracts.review import (
    CaseApproved,
    CaseAssigned,
    CaseDenied,
    CaseReassigned,
    CaseReturned,
    I20Issued,
    IssuanceAsked,
    ReturnReason,
    StartPushedBack,
)
from cpt.contracts.values import CoopContract, Flag
from review.cases.approve_case import Approval, approve_case
from review.cases.decide_case import deny_case, return_case
from review.cases.hand_over_case import reassign_case
from review.cases.record_i20 import IssuedDocument, record_i20
from review.cases.show_case import show_case
from review.domain import Refused, Unfit
from review.line.assign_next_case import assign_next_case
from tests.factories import ADVISER, COLLEAGUE, DIRECTOR, a_form, a_student, checked, completed, facts, held, withdrawn

VALID = timedelta(minutes=15)
I20 = IssuedDocument("a" * 64, "i20.pdf", date(2026, 9, 1), "Kim Lee, PDSO")


async def asked(review, kind):
    return (await review.published(kind))[-1].id


async def assigned(review, **fields):
    """A case in the adviser's hands, with the id of the question that the assignment asked."""
    await review.hear(checked(), completed(**fields))
    async with review.act() as connection:
        await assign_next_case(connection, ADVISER, None, review.now)
    return await asked(review, CaseAssigned)


async def approve(review, adviser=ADVISER, **fields):
    async with review.act() as connection:
        await approve_case(connection, "r1", adviser, Approval(**fields), review.now)


async def approved(review, **fields):
    question = await assigned(review, **fields)
    await review.hear(checked(check_no=2, asked_by=[question]))
    await approve(review)


async def issue(review, document=I20, adviser=ADVISER):
    async with review.act() as connection:
        return await record_i20(connection, "r1", adviser, document, review.now, VALID)


async def issued(review, document=I20, check_no=3, **answer):
    """Recorded after SPIRE has answered the question of this issuance."""
    await issue(review, document)
    await review.hear(checked(check_no=check_no, asked_by=[await asked(review, IssuanceAsked)], **answer))
    return await issue(review, document)


async def test_approval_waits_for_a_met_that_this_assignment_asked_for(review):
    """P21: a met from before does not open the gate."""
    question = await assigned(review)

    with pytest.raises(Refused) as refused:
        await approve(review)
    assert refused.value.code == "check_pending"
    await review.hear(checked(check_no=2, asked_by=[question]))
    await approve(review)
    assert (await review.case()).state == "approved"
    assert len(await review.published(CaseApproved)) == 1


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (dict(outcome="not_met"), "enrollment_not_met"),
        (dict(outcome="pending"), "check_pending"),
        (dict(outcome="cannot_determine"), "check_pending"),
        (dict(facts_version=2), "check_pending"),
        (dict(calendar_version=2), "check_pending"),
        (dict(findings=()), "check_pending"),
    ],
)
async def test_the_gate_stays_closed_for_any_answer_that_does_not_fit(review, answer, code):
    """P21, P4, P20: another outcome, other facts, another calendar, a term without a finding."""
    question = await assigned(review)
    await review.hear(checked(check_no=2, asked_by=[question], **answer))

    with pytest.raises(Refused) as refused:
        await approve(review)
    assert refused.value.code == code


async def test_a_later_answer_that_says_otherwise_closes_the_gate_again(review):
    """P21: no higher check_no that says otherwise."""
    question = await assigned(review)
    await review.hear(checked(check_no=2, asked_by=[question]), checked(check_no=3, outcome="pending"))

    with pytest.raises(Refused, match="asked again"):
        await approve(review)


async def test_only_the_adviser_who_holds_the_case_decides(review):
    await assigned(review)

    with pytest.raises(Refused) as refused:
        await approve(review, adviser=COLLEAGUE)
    assert refused.value.code == "not_yours"


async def test_every_flag_must_be_accepted(review):
    """docs/architecture.md: nothing is silently enforced, nothing silently passed."""
    question = await assigned(review, flags=(Flag(code="short_notice", message="…"),), form=a_form(hours_per_week=20))
    await review.hear(checked(check_no=2, asked_by=[question]))

    with pytest.raises(Refused, match="short_notice, hours_exactly_twenty"):
        await approve(review)
    await approve(review, flags_accepted=["short_notice", "hours_exactly_twenty"])
    assert (await review.case()).state == "approved"


async def test_a_later_start_needs_a_reason_and_is_told_to_the_student(review):
    """R49."""
    question = await assigned(review)
    await review.hear(checked(check_no=2, asked_by=[question]))

    with pytest.raises(Unfit, match="needs a reason"):
        await approve(review, authorized_start=date(2026, 9, 21))
    await approve(review, authorized_start=date(2026, 9, 21), reason="The letter came late")
    (moved,) = await review.published(StartPushedBack)
    assert (moved.event.requested_start, moved.event.authorized_start) == (date(2026, 9, 14), date(2026, 9, 21))


async def test_recording_the_i20_asks_spire_first_and_issues_on_its_answer(review):
    """P21, R30: the document is kept meanwhile."""
    await approved(review)

    assert await issue(review) == "check_pending"
    assert (await review.case()).document["sha256"] == I20.sha256
    await review.hear(checked(check_no=3, asked_by=[await asked(review, IssuanceAsked)]))
    assert await issue(review) == "open"
    (issued,) = await review.published(I20Issued)
    assert (issued.event.relied_on_check, issued.event.authorization_version, issued.event.replaces) == (3, 1, None)
    assert issued.event.segments[0].start_date == date(2026, 9, 14)


async def test_the_answer_to_the_assignment_does_not_open_the_second_gate(review):
    """P21, case 16."""
    await approved(review)
    await issue(review)

    assert await issue(review) == "check_pending"
    assert await review.published(I20Issued) == []


async def test_a_loss_before_issuance_refuses_the_i20_and_tells_the_dso(review):
    """R30, P21, case 16: an I-20 may exist in SEVIS."""
    await approved(review)
    await issue(review)
    await review.hear(checked(check_no=3, outcome="not_met", asked_by=[await asked(review, IssuanceAsked)]))

    assert await issue(review) == "enrollment_not_met"
    assert await review.published(I20Issued) == []
    assert await review.tasks() == ["i20_without_enrollment"]


async def test_an_answer_that_is_too_old_is_asked_for_again(review):
    """P21: asked on Monday does not issue on Thursday."""
    await approved(review)
    await issue(review)
    await review.hear(checked(check_no=3, asked_by=[await asked(review, IssuanceAsked)]))
    review.now += VALID + timedelta(seconds=1)

    assert await issue(review) == "check_pending"
    assert len(await review.published(IssuanceAsked)) == 2


async def test_the_same_i20_twice_is_one_issuance_and_another_replaces_it(review):
    """Case 65, P21: a re-issue passes the same gate."""
    await approved(review)
    await issue(review)
    await review.hear(checked(check_no=3, asked_by=[await asked(review, IssuanceAsked)]))
    assert [await issue(review), await issue(review)] == ["open", "open"]

    corrected = IssuedDocument("b" * 64, "i20-2.pdf", date(2026, 9, 1), "Kim Lee, PDSO")
    assert await issue(review, corrected) == "check_pending"
    await review.hear(checked(check_no=4, asked_by=[await asked(review, IssuanceAsked)]))
    assert await issue(review, corrected) == "open"
    versions = [(e.event.authorization_version, e.event.replaces) for e in await review.published(I20Issued)]
    assert versions == [(1, None), (2, 1)]


async def test_the_start_is_never_before_the_day_of_the_i20(review):
    """A16, R54, case 45: authorized from the day of issue, though an earlier day was asked for."""
    await approved(review)
    review.now += timedelta(days=30)

    await issued(review, IssuedDocument("a" * 64, "i20.pdf", date(2026, 10, 1), "Kim Lee"))

    (event,) = [e.event for e in await review.published(I20Issued)]
    assert (event.requested_start, event.segments[0].start_date) == (date(2026, 9, 14), date(2026, 10, 1))


async def test_no_dso_can_issue_beyond_the_program_until_it_is_extended(review):
    """X2, case 69: approved with the flag, never issued; SPIRE's new program end opens it."""
    question = await assigned(review)
    short = a_student(program_end_date=date(2026, 11, 30))
    await review.hear(checked(check_no=2, asked_by=[question], student=short))
    await approve(review)
    await issue(review)
    asking = await asked(review, IssuanceAsked)
    await review.hear(checked(check_no=3, asked_by=[asking], student=short))

    with pytest.raises(Refused) as refused:
        await issue(review)
    assert (refused.value.code, await review.published(I20Issued)) == ("after_program_end", [])
    await review.hear(checked(check_no=4, asked_by=[asking]))
    assert await issue(review) == "open"


async def test_an_approved_coop_is_issued_for_its_contracts_dates(review):
    """R59."""
    contract = CoopContract(agreement_id="HS-1", start_date=date(2026, 9, 2), end_date=date(2027, 2, 26))
    coop = facts(route="coop", coop=contract, start_date=date(2026, 9, 2), end_date=date(2027, 2, 26))
    await review.hear(completed(facts=coop))

    async with review.act() as connection:
        view = await show_case(connection, "r1", ADVISER, review.now)

    assert [(s["start_date"], s["end_date"]) for s in view["segments"]] == [(date(2026, 9, 2), date(2027, 2, 26))]


async def test_one_clock_runs_from_completeness_to_the_i20(review):
    """A6, R50: deciding and issuing start no second five days; only a closure moves the day."""
    await review.hear(checked(), completed())
    days = [(await review.case()).due_on]
    await approved(review)
    days.append((await review.case()).due_on)
    await review.hear(DueDateMoved(request_id="r1", round=1, receipt_number=1, due_on=date(2026, 9, 10), why="Snow"))
    days.append((await review.case()).due_on)
    await issued(review)
    days.append((await review.case()).due_on)

    assert days == [date(2026, 9, 9), date(2026, 9, 9), date(2026, 9, 10), date(2026, 9, 10)]


async def test_an_approval_is_no_permission_to_work(review):
    """R53, R54, case 61: approved without an I-20 is not issued, and names no authorized day as standing."""
    await approved(review)

    assert (await review.published(I20Issued), (await review.case()).state) == ([], "approved")


async def test_a_returned_case_goes_back_with_every_reason(review):
    """P6."""
    await assigned(review)
    reasons = [ReturnReason(text="Sign the letter", item="letter"), ReturnReason(text="Name the supervisor")]
    async with review.act() as connection:
        await return_case(connection, "r1", ADVISER, reasons, review.now, office_error=False)

    (event,) = await review.published(CaseReturned)
    assert (event.event.reasons, (await review.number()).state) == (tuple(reasons), "returned")


async def test_a_denial_is_a_persons_act_and_final(review):
    """R60."""
    await assigned(review)
    async with review.act() as connection:
        await deny_case(connection, "r1", ADVISER, "Not related to the program", review.now)
    await review.hear(completed(number=2, round=2))

    assert (await review.case()).state == "denied"
    assert (await review.number(2)).state == "void"
    assert len(await review.published(CaseDenied)) == 1


async def test_a_director_reassigns_and_the_new_holder_decides_on_the_same_question(review):
    """Case 39."""
    question = await assigned(review)
    await review.hear(checked(check_no=2, asked_by=[question]))
    async with review.act() as connection:
        await reassign_case(connection, "r1", DIRECTOR, COLLEAGUE, review.now)

    await approve(review, adviser=COLLEAGUE)
    assert len(await review.published(CaseReassigned)) == 1


@pytest.mark.parametrize("event", [held(), withdrawn()])
async def test_an_issued_case_stays_issued_and_the_dso_is_told(review, event):
    """P2, P8: issued wins."""
    await approved(review)
    await issue(review)
    await review.hear(checked(check_no=3, asked_by=[await asked(review, IssuanceAsked)]))
    await issue(review)

    await review.hear(event)

    assert (await review.case()).state == "issued"
    assert len(await review.tasks()) == 1


@pytest.mark.parametrize("state", ["assigned", "approved"])
async def test_a_hold_takes_the_case_out_of_the_advisers_hands(review, state):
    """P2: the holder is told, and can no longer decide."""
    await (assigned(review) if state == "assigned" else approved(review))
    await review.hear(held())

    assert (await review.case()).state == "returned"
    assert await review.tasks() == ["held_enrollment"]
    with pytest.raises(Refused) as refused:
        await approve(review)
    assert refused.value.code == "wrong_state"


async def test_a_hold_of_an_older_round_leaves_the_new_case_alone(review):
    """P5."""
    await review.hear(completed(number=1), held(number=1), checked(), completed(number=2, round=2), held(number=1))

    assert (await review.case()).state == "waiting"


async def test_a_lost_agreement_after_issuance_is_a_task(review):
    """P23, case 47."""
    await review.hear(AgreementLost(request_id="r1", round=1, agreement_id="HS-1", why="It was withdrawn."))

    assert await review.tasks() == ["agreement_lost"]


async def test_a_revised_calendar_is_the_one_the_gate_asks_for(review):
    """Case 26, P21."""
    revised = illustrative_calendar().to_form() | {"version": 2}
    question = await assigned(review)
    await review.hear(CalendarRevised(version=2, calendar=revised), checked(check_no=2, asked_by=[question]))

    with pytest.raises(Refused, match="asked again"):
        await approve(review)
    await review.hear(checked(check_no=3, asked_by=[question], calendar_version=2))
    await approve(review)


async def test_reading_a_case_is_logged_and_not_shown_as_its_history(review):
    """FERPA 99.32."""
    await assigned(review)
    async with review.act() as connection:
        view = await show_case(connection, "r1", COLLEAGUE, review.now)
        reads = await connection.fetchval(
            "SELECT count(*) FROM audit WHERE action = 'case_read' AND actor = 'adviser-2'"
        )

    assert (reads, [line["what"] for line in view["history"]]) == (1, ["case_assigned"])
