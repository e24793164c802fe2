"""The morning's digest: once for each person on a business day, and never of nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from cpt.contracts.staff import DigestPrepared
from review.overview.send_digests import send_digests
from tests.component.review.acts import assigned
from tests.component.review.test_alerts import confirmed
from tests.factories import ADVISER

TUESDAY = datetime(2026, 9, 15, 11, 30, tzinfo=UTC)  # 7:30 in Amherst
HOUR = 7


async def told(review):
    found = [envelope.event for envelope in await review.published(DigestPrepared)]
    return {event.to.sub if event.to else event.audience: event for event in found}


async def test_everybody_is_told_once_what_is_open_for_them(review):
    """R50: the adviser's own, the office's for a director; compliance hears of no case alone."""
    await assigned(review)
    sent = [await send_digests(review.database, HOUR, TUESDAY + timedelta(minutes=n)) for n in (0, 1)]
    found = await told(review)

    assert sent == [2, 0]
    assert set(found) == {ADVISER.sub, "director"}
    assert (found[ADVISER.sub].to_decide, found[ADVISER.sub].tasks, found[ADVISER.sub].alerts) == (1, 0, 0)
    assert found["director"].to_decide == 1


async def test_compliance_is_told_of_open_alerts(review):
    """R33: confirmed and not closed."""
    await confirmed(review)
    await send_digests(review.database, HOUR, TUESDAY)

    assert (await told(review))["compliance"].alerts == 1


@pytest.mark.parametrize(
    "when", [TUESDAY - timedelta(hours=1), TUESDAY + timedelta(days=4), datetime(2026, 9, 7, 13, tzinfo=UTC)]
)
async def test_nobody_is_told_before_the_hour_or_on_a_day_off(review, when):
    """A7: a weekend and Labor Day are no business days."""
    await assigned(review)

    assert await send_digests(review.database, HOUR, when) == 0


async def test_nobody_is_told_of_nothing_and_the_next_day_is_another(review):
    assert await send_digests(review.database, HOUR, TUESDAY) == 0
    await assigned(review)
    first, second = [await send_digests(review.database, HOUR, TUESDAY + timedelta(days=n)) for n in (0, 1)]

    assert (first, second) == (2, 2)
    assert await send_digests(review.database, 24, TUESDAY + timedelta(days=2)) == 0
