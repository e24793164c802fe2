"""Makes a schedule that breaks a promise as plain as it goes: fewer choices, and more of them the least surprising."""

import re
import time
from collections.abc import Callable

from tests.simulation.schedule import Told

SECONDS = 120.0


def shrink(told: Told, again: Callable[[list[int]], Told], seconds: float = SECONDS) -> Told:
    """The plainest that was found in the time and still breaks one of the same promises."""
    until, kinds = time.monotonic() + seconds, {_kind(line) for line in told.broken}
    best, size = told, len(told.choices) // 2

    def better(choices: list[int]) -> bool:
        nonlocal best
        if choices == best.choices or time.monotonic() > until:
            return False
        found = again(choices)
        if kinds & {_kind(line) for line in found.broken} and _weight(found.choices) < _weight(best.choices):
            best = found
            return True
        return False

    while size and time.monotonic() < until:
        at = 0
        while at < len(best.choices) and time.monotonic() < until:
            here = best.choices
            if any(here[at : at + size]) and not better(
                here[:at] + [0] * len(here[at : at + size]) + here[at + size :]
            ):
                better(here[:at] + here[at + size :])
            at += size
        size //= 2
    return best


def _kind(line: str) -> str:
    """The sentence without what differs from schedule to schedule."""
    return re.sub(r"[\[{].*|\d", "", line)[:40]


def _weight(choices: list[int]) -> tuple[int, int]:
    return sum(map(bool, choices)), len(choices)
