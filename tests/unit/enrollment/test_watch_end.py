from datetime import date

import pytest

from enrollment_sync.watch import ends_on
from tests.factories import facts
from tests.unit.enrollment.make import CALENDAR


@pytest.mark.parametrize(
    ("start", "end", "over"),
    [
        (date(2026, 9, 14), date(2026, 12, 11), date(2027, 2, 21)),  # fall ends on December 23
        (date(2026, 12, 24), date(2026, 12, 27), date(2027, 2, 25)),  # a break that no term touches
    ],
)
def test_a_watch_lives_sixty_days_longer_than_its_last_term(start: date, end: date, over: date) -> None:
    """P16: what is told late is still heard."""
    assert ends_on(facts(start_date=start, end_date=end), None, CALENDAR) == over


def test_a_watch_has_no_end_while_the_calendar_does_not_reach_it() -> None:
    """P16, case 25."""
    assert ends_on(facts(start_date=date(2031, 9, 14), end_date=date(2031, 12, 11)), None, CALENDAR) is None
