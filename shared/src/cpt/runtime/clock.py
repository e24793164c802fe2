"""The time of a process; a shifted one for tests and demonstrations."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def shifted(offset_seconds: float = 0) -> Clock:
    """A clock in UTC that runs `offset_seconds` ahead of the machine's."""
    offset = timedelta(seconds=offset_seconds)
    return lambda: datetime.now(UTC) + offset
