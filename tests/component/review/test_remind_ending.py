"""A student is reminded of the last authorized day, once, and never where that day is not the last one."""

from datetime import UTC, date, datetime, timedelta

from cpt.contracts.staff import AuthorizationEnding
from review.authorizations import Change
from review.cases.change_authorization import change_authorization
from review.cases.remind_ending import remind_ending
from review.cases.retain_cases import retain_cases
from tests.component.review.acts import issued
from tests.component.review.test_changed_authorization import change
from tests.factories import ADVISER, lost, regained

LAST = date(2026, 12, 11)
DAYS = 14
SPRING = {"strm": "1271", "start_date": "2027-02-01", "end_date": "2027-03-12"}


async def remind(review, before, *, days=DAYS):
    """So many days before the last one, at nine in the morning."""
    review.now = datetime(LAST.year, LAST.month, LAST.day, 14, tzinfo=UTC) - timedelta(days=before)
    return await remind_ending(review.database, review.now, days)


async def reminded(review):
    return [(sent.event.request_id, sent.event.last_day) for sent in await review.published(AuthorizationEnding)]


async def test_a_student_is_reminded_once_two_weeks_before_the_last_day(review):
    """X12: after that day SEVIS allows no edit any more; a mail on the page's own words, once for each I-20."""
    await issued(review)

    assert [await remind(review, before) for before in (15, 14, 13, 0, -1)] == [0, 1, 0, 0, 0]
    assert await reminded(review) == [("r1", LAST)]
    assert await review.value("SELECT count(*) FROM audit WHERE action = 'ending_reminded'") == 1


async def test_the_last_day_is_the_one_that_stands_now(review):
    await issued(review)
    async with review.act() as connection:
        await change_authorization(connection, "r1", ADVISER, Change(date(2026, 11, 20), "It ends early"), review.now)

    assert [await remind(review, before) for before in (36, 35)] == [0, 1]
    assert await reminded(review) == [("r1", date(2026, 11, 20))]


async def test_nobody_is_reminded_of_what_was_canceled_or_never(review):
    await issued(review)
    assert await remind(review, 5, days=0) == 0
    review.now = datetime(2026, 9, 2, 14, tzinfo=UTC)
    async with review.act() as connection:
        await change_authorization(connection, "r1", ADVISER, Change(None, "It does not begin"), review.now)

    assert await remind(review, 5) == 0


async def test_nobody_is_reminded_within_a_week_of_the_approval_email(review):
    """It names the same day."""
    await issued(review)
    at = await review.value("SELECT (issued ->> 'issued_at')::timestamptz FROM authorization_issued")

    assert await remind_ending(review.database, at + timedelta(days=6), 90) == 0
    assert await remind_ending(review.database, at + timedelta(days=8), 90) == (LAST - at.date() <= timedelta(days=98))


async def test_whoever_has_an_extension_is_not_told_that_work_ends(review):
    """X6: the later I-20 changes this one; of a request that is not issued yet nothing is known."""
    await issued(review)
    await change(review, start=date(2026, 12, 7), until=date(2026, 12, 18))

    await remind(review, 5)
    assert "r1" not in {request_id for request_id, _ in await reminded(review)}


async def test_whoever_is_to_talk_to_the_office_first_is_reminded_when_that_is_over(review):
    """Case 83: no mail says until when to work while the banner says to contact the office before any work."""
    await issued(review)
    await review.hear(lost())
    assert await remind(review, 10) == 0

    await review.hear(regained())
    assert await remind(review, 9) == 1


async def test_a_case_whose_student_was_reminded_is_deleted_after_its_years(review):
    await issued(review)
    await remind(review, 10)

    await retain_cases(review.database, review.now + timedelta(days=6 * 366), 5)
    assert await review.value("SELECT count(*) FROM authorization_issued") == 0


async def test_a_new_end_between_two_terms_leaves_the_last_day_of_the_first(review):
    """A9: no day of the break is authorized, so no mail names one, and none comes when the last day is over."""
    await issued(review)
    async with review.act() as connection:
        await connection.execute(
            "UPDATE authorization_issued SET issued = jsonb_insert(issued, '{segments,-1}', $1, true)", SPRING
        )
        await change_authorization(connection, "r1", ADVISER, Change(date(2027, 1, 5), "It ends early"), review.now)

    assert [await remind(review, before) for before in (15, 14, -12)] == [0, 1, 0]
    assert await reminded(review) == [("r1", LAST)]
