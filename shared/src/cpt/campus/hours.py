"""Part-time or full-time training, and what an adviser should look at in the stated hours."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

PART_TIME_LIMIT = Decimal(20)

WorkTime = Literal["part_time", "full_time"]
HoursFlag = Literal["hours_exactly_twenty", "hours_range"]


@dataclass(frozen=True, slots=True)
class Hours:
    per_week: Decimal
    time: WorkTime
    flags: tuple[HoursFlag, ...]


def weekly_hours(stated: Decimal, *, at_most: Decimal | None = None, twenty: WorkTime = "part_time") -> Hours:
    """`at_most` is the upper end of a range, which then decides, `twenty` what exactly 20 hours are (A14); raises ValueError
    below or at zero.
    """
    per_week = max(stated, at_most or stated)
    if min(stated, per_week) <= 0:
        raise ValueError("weekly hours are above zero")
    flags: list[HoursFlag] = []
    if per_week == PART_TIME_LIMIT:
        flags.append("hours_exactly_twenty")
    if at_most is not None and at_most != stated:
        flags.append("hours_range")
    return Hours(per_week, work_time(per_week, twenty), tuple(flags))


def as_number(hours: Decimal) -> int | float:
    """JSON has numbers: 20 stays 20, and 17.5 is no text."""
    return int(hours) if hours == hours.to_integral_value() else float(hours)


def work_time(per_week: Decimal, twenty: WorkTime = "part_time") -> WorkTime:
    """A14: exactly 20 hours are part-time, as SEVIS counts, where the office does not set otherwise."""
    if per_week == PART_TIME_LIMIT:
        return twenty
    return "part_time" if per_week < PART_TIME_LIMIT else "full_time"
