"""A student is reminded of a day that comes near while something is open, once for each day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cpt.contracts.intake import StudentReminded
from intake.case.remind_students import Ahead, remind_students
from intake.store import sql
from tests.component.intake import happened
from tests.component.intake.conftest import NOW
from tests.component.intake.test_changed_authorization import ask_at
from tests.component.intake.test_changed_authorization import issued as issued_request

START, TERM = date(2026, 9, 14), date(2026, 9, 8)
AHEAD = Ahead(start=2, term=14)


async def remind(intake, day, ahead=AHEAD):
    """At ten in the morning of that day."""
    intake.now = datetime(day.year, day.month, day.day, 14, tzinfo=UTC)
    return await remind_students(intake.database, intake.now, ahead)


async def reminded(intake):
    return [(told.what, told.day) for told in await intake.published(StudentReminded)]


async def not_enrolled(intake):
    request_id = await intake.complete()
    await intake.hear(happened.checked(await intake.request(request_id), "not_met"))
    return request_id


@pytest.mark.parametrize("state", ["incomplete", "in line", "assigned", "approved"])
async def test_whoever_has_no_i20_when_the_first_day_comes_near_is_told_once_not_to_begin(intake, state):
    """R53, R54: whatever the request waits for."""
    request_id = await (intake.with_papers() if state == "incomplete" else intake.complete())
    for event in {"assigned": [happened.assigned], "approved": [happened.assigned, happened.approved]}.get(state, []):
        await intake.hear(event(await intake.request(request_id)))

    told = [await remind(intake, START - timedelta(days=before)) for before in (3, 2, 1, 0, -1)]

    assert told == [0, 1, 0, 0, 0]
    (event,) = await intake.published(StudentReminded)
    assert (event.what, event.day, bool(event.missing)) == ("start_near", START, state == "incomplete")


@pytest.mark.parametrize("end", ["issued", "denied", "withdrawn"])
async def test_nobody_is_told_not_to_begin_whose_request_has_ended(intake, end):
    request_id = await intake.complete()
    await intake.hear(getattr(happened, end)(await intake.request(request_id)))

    assert await remind(intake, START) == 0


async def test_another_first_day_is_another_reminder_and_none_comes_within_a_day_of_the_form(intake):
    intake.now = datetime(2026, 9, 13, 15, tzinfo=UTC)
    request_id = await intake.submit()
    assert await remind(intake, START) == 0

    await intake.correct(request_id, start_date="2026-09-21")
    assert [await remind(intake, date(2026, 9, 20)), await reminded(intake)] == [1, [("start_near", date(2026, 9, 21))]]


async def test_whoever_lacks_the_enrollment_of_a_term_is_reminded_before_it_begins(intake):
    """R23, R28: of what SPIRE did not show, and of no other rule."""
    request_id = await not_enrolled(intake)

    assert [await remind(intake, TERM - timedelta(days=before), Ahead(0, 14)) for before in (15, 14, 1, 0)] == [
        0,
        1,
        0,
        0,
    ]
    (event,) = await intake.published(StudentReminded)
    assert (event.request_id, event.what, event.day, event.term) == (request_id, "term_near", TERM, "Fall 2026")
    assert "enrollment.1267.not_enrolled" in {item.code for item in event.missing}


async def test_who_is_enrolled_by_then_and_whoever_no_check_was_about_is_not_reminded(intake):
    """P3: what nobody has looked at is not called missing."""
    request_id = await not_enrolled(intake)
    await intake.hear(happened.checked(await intake.request(request_id), "met"))
    await intake.with_papers("30099999")

    assert await remind(intake, TERM - timedelta(days=5), Ahead(0, 14)) == 0


async def test_a_setting_of_zero_reminds_nobody(intake):
    await not_enrolled(intake)

    assert await remind(intake, TERM - timedelta(days=1), Ahead(0, 0)) == 0
    assert await remind(intake, START, Ahead(0, 0)) == 0


async def test_a_reminder_about_a_change_names_the_authorization_that_counts_meanwhile(intake):
    """X6: nobody reads that they may not work on days which they may."""
    earlier = await issued_request(intake)
    await ask_at(intake, datetime(2026, 9, 11, 15, tzinfo=UTC), earlier)

    await remind(intake, START)

    (event,) = await intake.published(StudentReminded)
    assert event.changes.reference == (await intake.request(earlier)).reference


async def test_a_request_whose_student_was_reminded_can_be_deleted_after_its_years(intake):
    request_id = await intake.with_papers()
    await remind(intake, START)
    async with intake.database.transaction() as connection:
        await connection.execute(sql.mark_for_deletion, request_id, NOW)
        await connection.execute(sql.purge_request, request_id)

    assert await intake.request(request_id) is None
