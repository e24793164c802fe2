"""Business days of the university's state, and the day by which the office has promised an answer."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from functools import cache

from holidays import HolidayBase, country_holidays

from cpt.campus.clock import EASTERN, eastern_date
from cpt.campus.university import HERE

PROCESSING_DAYS = 5
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
US_STATES = frozenset(country_holidays("US").subdivisions)


@cache
def _legal_holidays(state: str) -> HolidayBase:
    return country_holidays("US", subdiv=state)


def is_business_day(day: date, closures: Collection[date] = ()) -> bool:
    """`closures` are the campus's own closing days, from the academic calendar."""
    return day.weekday() < _SATURDAY and day not in _legal_holidays(HERE.get().state) and day not in closures


def is_business_morning(now: datetime, hour: int, closures: Collection[date] = ()) -> bool:
    """Whether `now` is on a business day and not before this Eastern `hour`; with 24 it never is."""
    return now.astimezone(EASTERN).hour >= hour and is_business_day(eastern_date(now), closures)


def add_business_days(day: date, count: int, closures: Collection[date] = ()) -> date:
    """The `count`th business day after `day`, which itself never counts; raises ValueError for a count below one."""
    if count < 1:
        raise ValueError("business days are counted forward, from one")
    while count:
        day += _ONE_DAY
        count -= is_business_day(day, closures)
    return day


def due_on(received: datetime, closures: Collection[date] = ()) -> date:
    """R50, A7: due at the end of the fifth business day, the Eastern day of receipt excluded."""
    return add_business_days(eastern_date(received), PROCESSING_DAYS, closures)
