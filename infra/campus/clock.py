"""The campus's time: the machine's, shifted for tests and demonstrations."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

AMHERST = ZoneInfo("America/New_York")


@dataclass(frozen=True, slots=True)
class Clock:
    """`offset` is in seconds and may be negative."""

    offset: float = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.offset)


def stamp(moment: datetime) -> str:
    """RFC 3339 in UTC, to the microsecond, so that two acts in one second keep their order."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def amherst(moment: datetime) -> str:
    return moment.astimezone(AMHERST).strftime("%-d %b %Y, %H:%M:%S")
