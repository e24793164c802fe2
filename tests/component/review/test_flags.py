"""What a DSO must look at before deciding: flagged, to be accepted, never decided by the machine."""

from datetime import UTC, date, datetime

import pytest

from cpt.contracts.intake import WarningAcknowledged
from cpt.contracts.staff import AcknowledgementAsked
from cpt.contracts.values import CoopContract, Flag
from review.cases.approve_case import Approval, approve_case
from review.domain import Refused
from tests.component.review.acts import approved, assigned, flags, issued, view
from tests.factories import ADVISER, NOW, a_form, a_student, checked, completed, facts

FROM_INTAKE = ["letter_disputed", "agreement_disputed", "letter_is_scan", "hours_range", "short_notice"]
FROM_SPIRE = [
    "required_zero_credit",
    "graduate_coop",
    "summer_only_coop",
    "x1_one_academic_year",
    "x2_after_program_end",
    "x3_final_term",
    "x4_below_full_load",
    "x8_degree_completed",
    "x10_english_language_program",
]
FULL_TIME = a_form(hours_per_week=40)


async def approve(review, *accepted):
    async with review.act() as connection:
        await approve_case(connection, "r1", ADVISER, Approval(accepted), review.now)


@pytest.mark.parametrize("code", [*FROM_INTAKE, *FROM_SPIRE])
async def test_a_flag_of_another_service_is_shown_and_must_be_accepted(review, code):
    """Case 44: flagged to the DSO, whatever rule it comes from; accepted, nothing is refused."""
    flag = (Flag(code=code, message="Please look."),)
    question = await assigned(review, flags=flag if code in FROM_INTAKE else ())
    answer = () if code in FROM_INTAKE else flag
    await review.hear(checked(check_no=2, asked_by=[question], flags=answer))

    assert (await flags(review))[code] == "Please look."
    with pytest.raises(Refused) as refused:
        await approve(review)
    assert (refused.value.code, code in str(refused.value)) == ("flags_not_accepted", True)
    await approve(review, code)
    assert (await review.case()).state == "approved"


@pytest.mark.parametrize(("hours", "time", "flagged"), [(20, "part_time", True), (21, "full_time", False)])
async def test_exactly_twenty_hours_are_part_time_and_flagged(review, hours, time, flagged):
    """A14."""
    await review.hear(completed(form=a_form(hours_per_week=hours)))

    assert (await view(review))["hours"]["time"] == time
    assert ("hours_exactly_twenty" in await flags(review)) is flagged


async def test_a_student_who_says_that_the_work_has_begun_is_flagged_not_denied(review):
    """R14, R53, case 34: only having started is held against anybody, and only a DSO weighs it."""
    await review.hear(completed(form=a_form(already_started=True)))

    assert ("already_started" in await flags(review), (await review.case()).state) == (True, "pending")


async def test_a_start_that_had_passed_when_the_request_was_complete_is_flagged(review):
    """R47, A16: no back-dating."""
    await review.hear(completed(received_at=datetime(2026, 9, 20, 14, tzinfo=UTC)))

    assert "had passed" in (await flags(review))["short_notice"]


async def test_a_plain_case_has_no_flags(review):
    """Nothing that is always there is looked at."""
    await review.hear(completed(), checked())

    assert await flags(review) == {}


@pytest.mark.parametrize("program", ["", "Undeclared", "Non-Degree Graduate"])
async def test_whether_it_is_related_to_the_major_is_asked_where_spire_shows_none(review, program):
    """X9."""
    await review.hear(completed(), checked(student=a_student(program=program)))

    assert "x9_major_related" in await flags(review)


async def test_two_employers_in_one_request_are_flagged(review):
    """X5: a separate request per employer."""
    await review.hear(completed(form=a_form(employer="Acme Inc.; Baystate Robotics")), checked())

    assert "x5_separate_request" in await flags(review)


async def next_request(review, *, employer="Baystate Robotics, LLC", form=None, **span):
    """r2 of the same student, after r1 was issued for 2026-09-14 to 2026-12-11 at Baystate Robotics Inc."""
    given = form or a_form(employer=employer)
    await review.hear(completed("r2", 2, facts=facts(**span), form=given), checked("r2"))
    return await flags(review, "r2")


@pytest.mark.parametrize(("employer", "flagged"), [("BAYSTATE ROBOTICS", True), ("Acme", False)])
async def test_a_renewal_over_several_terms_is_flagged(review, employer, flagged):
    """X5: a separate request per academic term when renewing with the same employer."""
    await issued(review)

    found = await next_request(review, employer=employer, start_date=date(2027, 2, 1), end_date=date(2027, 7, 30))
    assert ("CPT-2026-000001" in found.get("x5_separate_request", "")) is flagged


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [(date(2026, 10, 1), date(2026, 12, 20), "change"), (date(2026, 12, 12), date(2026, 12, 20), "extends")],
)
async def test_a_change_or_an_extension_for_the_same_employer_is_flagged(review, start, end, words):
    """X6: any change of dates or hours needs a new approval, also where nobody said that it is one."""
    await issued(review)

    assert words in (await next_request(review, start_date=start, end_date=end))["x6_changes_authorization"]


async def test_a_second_employer_at_the_same_time_is_no_change(review):
    """X6: concurrent authorizations are allowed, each by its own request; their hours add up (A30)."""
    await issued(review)

    assert list(await next_request(review, employer="Acme")) == ["hours_together_over_twenty"]


@pytest.mark.parametrize(
    ("used", "code"), [(180, None), (181, "x7_full_time_cpt_days"), (276, "fulltime_cpt_twelve_months")]
)
async def test_full_time_days_with_this_request_warn_at_nine_and_at_twelve_months(review, used, code):
    """X7: 89 days from September 14 to December 11, on top of what SPIRE counts."""
    await review.hear(completed(form=FULL_TIME), checked(student=a_student(fulltime_cpt_days=used)))

    found = await flags(review)
    assert list(found) == ([code] if code else [])


async def test_part_time_training_never_counts_towards_the_twelve_months(review):
    """X7."""
    await review.hear(completed(), checked(student=a_student(fulltime_cpt_days=360)))

    assert await flags(review) == {}


async def test_concurrent_full_time_periods_are_counted_once(review):
    """X7, case 68: 200 days and the same 89 days twice are 289 days, not 378."""
    used = {"student": a_student(fulltime_cpt_days=200)}
    await issued(review, form=FULL_TIME, answer=used)
    await review.hear(completed("r2", 2, form=a_form(employer="Acme", hours_per_week=40)), checked("r2", **used))

    found = await flags(review, "r2")
    assert "289 days" in found["x7_full_time_cpt_days"]
    assert "fulltime_cpt_twelve_months" not in found


async def test_the_loss_of_opt_is_acknowledged_by_dso_and_student_and_blocks_nothing(review):
    """Case 68: the DSO accepts it, the student is asked, an open task stays until the student has answered."""
    answer = {"student": a_student(fulltime_cpt_days=300)}
    await approved(review, form=FULL_TIME, answer=answer)

    (asked_for,) = await review.published(AcknowledgementAsked)
    assert (asked_for.event.code, (await review.case()).state) == ("fulltime_cpt_twelve_months", "approved")
    assert await review.tasks() == ["fulltime_cpt_twelve_months_unread"]
    await review.hear(WarningAcknowledged(request_id="r1", round=1, code=asked_for.event.code, at=NOW))
    shown = await view(review)
    assert (shown["tasks"], shown["acknowledged"][0]["code"]) == ([], "fulltime_cpt_twelve_months")


@pytest.mark.parametrize(
    ("today", "code"),
    [
        (datetime(2026, 9, 13, 23, tzinfo=UTC), "x11_cancel_before_start"),
        (datetime(2026, 9, 14, 14, tzinfo=UTC), "x11_started"),
        (datetime(2026, 12, 11, 14, tzinfo=UTC), "x11_started"),
        (datetime(2026, 12, 12, 14, tzinfo=UTC), "x12_ended"),
    ],
)
async def test_an_issued_case_says_what_sevis_still_allows(review, today, code):
    """X11: cancel only before the start; X12: no edit once the end has passed."""
    await issued(review)
    review.now = today

    assert [flag for flag in await flags(review) if flag.startswith(("x11", "x12"))] == [code]


async def test_the_case_says_before_anybody_types_into_sevis_that_it_cannot_be_issued(review):
    """X2, case 69."""
    await review.hear(completed(), checked(student=a_student(program_end_date=date(2026, 11, 30))))

    assert "November 30, 2026" in (await view(review))["cannot_issue"]


async def test_a_coop_is_held_against_its_contract_for_the_program_end(review):
    """X2, R59: the contract's dates are the authorization's."""
    contract = CoopContract(agreement_id="HS-1", start_date=date(2026, 9, 14), end_date=date(2027, 6, 30))
    coop = facts(route="coop", coop=contract)
    await review.hear(completed(facts=coop), checked())

    assert "May 31, 2027" in (await view(review))["cannot_issue"]
