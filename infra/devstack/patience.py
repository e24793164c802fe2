"""How long to wait on a busy machine."""

import os
from pathlib import Path


def stretched(seconds: float) -> float:
    """The time that takes `seconds` on a quiet machine: where n programs wait for each core, n times as long."""
    return seconds * max(1.0, max(os.getloadavg()[0], _running()) / (os.cpu_count() or 1))


def _running() -> int:
    """Threads that compute or want to at this moment: the average of the last minute hears of a new crowd too late."""
    told = Path("/proc/loadavg")
    return int(told.read_text().split()[3].partition("/")[0]) if told.exists() else 0
