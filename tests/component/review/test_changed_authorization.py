"""A request that changes an issued authorization: the adviser sees old and new, and one act puts the new in its place."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from cpt.contracts.review import I20Issued, IssuanceAsked
from cpt.contracts.staff import AuthorizationChanged
from cpt.contracts.values import ChangedAuthorization
from review.authorizations import latest_authorization
from review.cases.changed_since import changed_of_authorization
from review.cases.record_i20 import IssuedDocument
from tests.component.review.acts import approved, asked, flags, issued, record, view
from tests.factories import a_form, a_student, checked, facts

OLD = ChangedAuthorization(request_id="r1", reference="CPT-2026-000001")
BEFORE, FIRST_DAY, RUNNING = (datetime(2026, *day, 15, tzinfo=UTC) for day in ((9, 2), (9, 14), (10, 5)))


async def change(review, *, until=date(2026, 12, 18), start=date(2026, 9, 14), hours=15, student=None, **form):
    """r2 asks to change what r1 was issued for, September 14 to December 11, and gets its I-20 today."""
    answer = {"student": student} if student else {}
    wanted = {"facts": facts(start_date=start, end_date=until), "form": a_form(hours_per_week=Decimal(hours), **form)}
    await approved(review, "r2", 2, answer=answer, changes=OLD, **wanted)
    document = IssuedDocument("b" * 64, "new.pdf", review.now.date(), "Kim Lee, PDSO")
    await record(review, document, "r2")
    question = await asked(review, IssuanceAsked)
    await review.hear(checked("r2", check_no=3, asked_by=[question], **answer))
    assert await record(review, document, "r2") == "open"


async def days_of(review, request_id):
    async with review.act() as connection:
        standing = await latest_authorization(connection, request_id)
    return [(part.start_date, part.end_date) for part in standing.segments]


@pytest.mark.parametrize(
    ("today", "start", "left", "begins"),
    [
        (RUNNING, date(2026, 9, 14), [(date(2026, 9, 14), date(2026, 10, 4))], date(2026, 10, 5)),
        (FIRST_DAY, date(2026, 9, 14), [(date(2026, 9, 14), date(2026, 9, 14))], date(2026, 9, 15)),
        (BEFORE, date(2026, 9, 14), [], date(2026, 9, 14)),
        (BEFORE, date(2026, 11, 2), [(date(2026, 9, 14), date(2026, 11, 1))], date(2026, 11, 2)),
        (RUNNING, date(2026, 12, 14), [(date(2026, 9, 14), date(2026, 12, 11))], date(2026, 12, 14)),
    ],
    ids=["running: shortened", "on its first day", "not begun: canceled", "not begun: shortened", "continues it"],
)
async def test_recording_the_new_i20_ends_the_old_one_in_the_same_act(review, today, start, left, begins):
    """X6, X11: cut to the day before, canceled only where it has not begun; no day is authorized twice."""
    await issued(review)
    review.now = today
    await change(review, start=start)

    assert await days_of(review, "r1") == left
    assert await days_of(review, "r2") == [(begins, date(2026, 12, 18))]
    (told,) = [one.event for one in await review.published(I20Issued) if one.event.request_id == "r2"]
    ended = [one.event for one in await review.published(AuthorizationChanged)]
    assert told.earlier.until == (left[0][1] if left else None)
    assert (ended == []) == (told.earlier.until == date(2026, 12, 11))
    if ended:
        assert (ended[0].request_id, ended[0].replaced_by.request_id) == ("r1", "r2")
        assert told.earlier.canceled == ended[0].canceled == (left == [])


async def test_the_adviser_sees_old_and_new_and_accepts_what_becomes_of_the_old_one(review):
    """X6: on the case page, before deciding."""
    await issued(review)
    review.now = RUNNING
    wanted = {"facts": facts(end_date=date(2026, 12, 18)), "form": a_form(job_title="Lead")}
    await approved(review, "r2", 2, changes=OLD, **wanted)

    async with review.act() as connection:
        found = {one.what: (one.before, one.after) for one in await changed_of_authorization(connection, "r2")}
    assert found == {"Job title": ("Robotics intern", "Lead"), "Last day": ("December 11, 2026", "December 18, 2026")}
    shown = (await view(review, "r2"))["changes"]
    assert (shown["reference"], shown["begun"]) == ("CPT-2026-000001", True)
    assert shown["ends"] == {"canceled": False, "until": date(2026, 10, 4)}
    assert "ends that one on October 4, 2026" in (await flags(review, "r2"))["x6_changes_authorization"]
    assert await days_of(review, "r1") == [(date(2026, 9, 14), date(2026, 12, 11))], "an approval alone ends nothing"


@pytest.mark.parametrize(("until", "total"), [(date(2026, 12, 18), 311), (date(2026, 11, 20), 283)])
async def test_days_of_the_old_authorization_count_once_and_those_that_fall_away_not_at_all(review, until, total):
    """X7, case 68: its 21 days before the change, then those of the new one, on top of 215; before and after the I-20."""
    used = a_student(fulltime_cpt_days=215)
    await issued(review, form=a_form(hours_per_week=Decimal(38)))
    review.now = RUNNING
    wanted = {"facts": facts(end_date=until), "form": a_form(hours_per_week=Decimal(40))}
    await approved(review, "r2", 2, answer={"student": used}, changes=OLD, **wanted)

    assert f"{total} days" in (await flags(review, "r2"))["x7_full_time_cpt_days"]


async def test_other_hours_for_the_same_days_are_neither_a_duplicate_nor_hours_together(review):
    """A30: the old job does not go on beside the new one."""
    await issued(review)
    review.now = RUNNING
    await change(review, until=date(2026, 12, 11), hours=18)

    assert not {"duplicate_request", "hours_together_over_twenty"} & set(await flags(review, "r2"))


async def test_another_student_s_authorization_is_never_ended(review):
    """Whatever the request names."""
    await issued(review, facts=facts("30099999"), answer={"emplid": "30099999"})
    review.now = RUNNING
    await change(review)

    assert await days_of(review, "r1") == [(date(2026, 9, 14), date(2026, 12, 11))]
    assert await review.published(AuthorizationChanged) == []
    async with review.act() as connection:
        assert await changed_of_authorization(connection, "r2") is None
