"""The local date that a rule means, and the position of a day before, within or after a span of days."""

from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")

Position = Literal["not_started", "running", "ended"]


def eastern_date(moment: datetime) -> date:
    """The calendar day in Amherst (case 27); raises ValueError for a moment without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone to have a local date")
    return moment.astimezone(EASTERN).date()


def position(start: date, end: date, on: date) -> Position:
    """Both ends belong to the span: on its last day a training is still running (case 53)."""
    if on < start:
        return "not_started"
    return "running" if on <= end else "ended"


def in_words(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
