"""Libraries repeat themselves without a pause while a server is away: a few lines of a kind a minute say as much."""

import logging
import time

LINES, SECONDS = 5, 60.0


class FewOfAKind(logging.Filter):
    """Of a library's line, told apart by logger and template, `LINES` in each `SECONDS`, with how many were left out.

    Our own lines come as dictionaries and all pass: they are said once, not in loops.
    """

    def __init__(self) -> None:
        super().__init__()
        self._kinds: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, dict):
            return True
        kind, now = (record.name, str(record.msg)[:200]), time.monotonic()
        began, seen = self._kinds.get(kind, (now, 0))
        if now - began >= SECONDS:
            if seen > LINES:
                record.msg = f"{record.msg} [{seen - LINES} more like this in {now - began:.0f} s]"
            began, seen = now, 0
        self._kinds[kind] = (began, seen + 1)
        if len(self._kinds) > 1000:
            self._kinds.clear()
        return seen < LINES
