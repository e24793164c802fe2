"""A library in a loop without a pause cannot flood the log."""

import logging

from cpt.runtime import log_limits
from cpt.runtime.log_limits import FewOfAKind


def _record(message, *args):
    return logging.LogRecord("aiokafka", logging.WARNING, "", 0, message, args, None)


def test_a_library_says_the_same_thing_a_few_times_a_minute(monkeypatch):
    """Whatever stands in the line; another line and our own still come through."""
    few = FewOfAKind()

    passed = [few.filter(_record("fetch from %s failed", number)) for number in range(43_000)]

    assert sum(passed) == log_limits.LINES
    assert few.filter(_record("something else"))
    assert all(few.filter(_record({"event": "message_parked"})) for _ in range(20))


def test_what_was_left_out_is_counted(monkeypatch):
    few = FewOfAKind()
    for _ in range(100):
        few.filter(_record("away"))
    monkeypatch.setattr(log_limits, "SECONDS", 0.0)

    later = _record("away")

    assert few.filter(later)
    assert later.msg.startswith("away [95 more like this in ")
