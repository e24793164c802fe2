"""How long the servers and stacks of a run took to start; pytest says it at the end, of all workers."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

_TOOK: list[tuple[str, float]] = []
WORTH_A_LINE = 1.0
"""Seconds; what was there already takes less."""


@contextmanager
def start_of(what: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    _TOOK.append((what, time.monotonic() - began))


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workerinput"):
        session.config.workeroutput["starts"] = _TOOK


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node) -> None:
    _TOOK.extend(getattr(node, "workeroutput", {}).get("starts", ()))


def pytest_terminal_summary(terminalreporter) -> None:
    slow = [(took, what) for what, took in _TOOK if took >= WORTH_A_LINE]
    if slow:
        terminalreporter.section("starts")
    for took, what in sorted(slow, reverse=True):
        terminalreporter.write_line(f"{took:.1f}s {what}")
