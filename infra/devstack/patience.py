"""How long to wait on a busy machine."""

import os


def stretched(seconds: float) -> float:
    """The time that takes `seconds` on a quiet machine: where n programs wait for each core, n times as long."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
