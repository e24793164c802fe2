"""When an open alert climbs: unacknowledged by business hours, unresolved by calendar days (R33)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from cpt.campus.business_days import add_business_days, is_business_day
from cpt.campus.clock import EASTERN, eastern_date
from review.alerts.domain import Severity

Step = Literal["pdso", "director", "day_7", "day_14", "day_18", "breach"]

OPENS, CLOSES = time(9), time(17)
UNACKNOWLEDGED = timedelta(hours=4)
UNACKNOWLEDGED_STEPS = 2
"""Rungs of a critical alert that nobody acknowledges: `pdso` and `director`."""
DAYS_OPEN: tuple[tuple[Step, int], ...] = (("day_7", 7), ("day_14", 14), ("day_18", 18), ("breach", 22))
"""Days after the effective date; the report may still be made on day 21, so the breach is the day after."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the ladder reads of an alert."""

    severity: Severity
    effective_on: date
    confirmed_at: datetime
    acknowledged: bool


def steps_due(alert: Standing, now: datetime, closures: Collection[date] = ()) -> Iterator[Step]:
    """Every step that is due by `now`, in the ladder's order; the caller takes each once."""
    if alert.severity == "CRITICAL" and not alert.acknowledged:
        if business_time(alert.confirmed_at, now, closures) >= UNACKNOWLEDGED:
            yield "pdso"
        if now >= _one_business_day_after(alert.confirmed_at, closures):
            yield "director"
    age = (eastern_date(now) - alert.effective_on).days
    yield from (step for step, days in DAYS_OPEN if age >= days)


def business_time(start: datetime, end: datetime, closures: Collection[date] = ()) -> timedelta:
    """Time between nine and five, Eastern, on Massachusetts business days."""
    total, day, last = timedelta(), eastern_date(start), eastern_date(end)
    while day <= last:
        if is_business_day(day, closures):
            opens = datetime.combine(day, OPENS, EASTERN).astimezone(UTC)
            closes = datetime.combine(day, CLOSES, EASTERN).astimezone(UTC)
            total += max(timedelta(), min(closes, end) - max(opens, start))
        day += timedelta(days=1)
    return total


def _one_business_day_after(moment: datetime, closures: Collection[date]) -> datetime:
    local = moment.astimezone(EASTERN)
    return datetime.combine(add_business_days(local.date(), 1, closures), local.time(), EASTERN)
