"""What a run cost, of all workers: each folder's clock and processor time, and the starts of servers and stacks."""

import resource
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

Cost = list[float]
"""Tests, seconds on the clock, seconds of the processor."""

_STARTS: list[tuple[str, float]] = []
_COSTS: dict[str, Cost] = defaultdict(lambda: [0, 0.0, 0.0])
WORTH_A_LINE = 1.0
"""Seconds; what was there already takes less."""
HERE = Path(__file__).parent


@contextmanager
def start_of(what: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    _STARTS.append((what, time.monotonic() - began))


def folder_of(path: Path) -> str:
    """Components are one folder a service, the others are one of their own."""
    parts = path.relative_to(HERE).parts[:-1] if HERE in path.parents else ()
    return "/".join(parts[:2] if parts[:1] == ("component",) else parts[:1]) or "."


def _processor() -> float:
    """Seconds of this process and of the children that it has seen the end of."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + spent.ru_utime + spent.ru_stime


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    began, worked = time.monotonic(), _processor()
    done = yield
    cost = _COSTS[folder_of(item.path)]
    for place, spent in enumerate((1, time.monotonic() - began, _processor() - worked)):
        cost[place] += spent
    return done


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workerinput"):
        session.config.workeroutput["costs"] = (_STARTS, dict(_COSTS))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node) -> None:
    starts, costs = getattr(node, "workeroutput", {}).get("costs", ((), {}))
    _STARTS.extend(starts)
    for folder, cost in costs.items():
        _COSTS[folder] = [one + other for one, other in zip(_COSTS[folder], cost, strict=True)]


def pytest_terminal_summary(terminalreporter) -> None:
    terminalreporter.section("folders: tests, clock, processor (the servers' is in the whole only)")
    for folder, (tests, clock, processor) in sorted(_COSTS.items(), key=lambda item: -item[1][2]):
        terminalreporter.write_line(f"{folder:28} {tests:5.0f} {clock:8.1f}s {processor:8.1f}s")
    slow = [(took, what) for what, took in _STARTS if took >= WORTH_A_LINE]
    if slow:
        terminalreporter.section("starts")
    for took, what in sorted(slow, reverse=True):
        terminalreporter.write_line(f"{took:.1f}s {what}")
