"""The reading processes of this process, and what they have in memory."""

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MOST_CHILD = 460
"""MiB that lie in memory at most: the child may ask for 400, beside the programs it has mapped."""
PATIENT = 600.0
"""Seconds on the clock of a reading where they are not what is tested: a busy machine is no fault of a document."""
_PAGE_MIB = os.sysconf("SC_PAGE_SIZE") / 2**20


@dataclass
class Most:
    """At one moment: how many, and MiB of all of them together."""

    count: int = 0
    memory: float = 0.0


@contextlib.contextmanager
def most_children() -> Iterator[Most]:
    """Of those that start in the block; looks every five milliseconds, beside whatever goes on there."""
    most, over, before = Most(), threading.Event(), set(_children())

    def look() -> None:
        while not over.is_set():
            pages = [_pages(pid) for pid in _children() if pid not in before]
            most.count = max(most.count, len(pages))
            most.memory = max(most.memory, sum(pages) * _PAGE_MIB)
            time.sleep(0.005)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield most
    finally:
        over.set()
        looking.join()


def _children() -> Iterator[str]:
    """The reading processes of this one, by their numbers."""
    for children in Path("/proc/self/task").glob("*/children"):
        with contextlib.suppress(OSError):  # it ended meanwhile
            for pid in children.read_text().split():
                if b"reader_child" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    yield pid


def _pages(pid: str) -> int:
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return 0
