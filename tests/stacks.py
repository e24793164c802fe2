"""A whole stack for tests, whose settings are not those of the process in which other tests run meanwhile."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from infra.devstack.control import down, up
from infra.devstack.run_folder import RunFolder
from tests.costs import start_of

PATIENT = {"CPT_KAFKA__FETCH_MAX_WAIT_MS": "500"}
"""An idle stack asks Kafka twice a second instead of twenty times: other tests need the processor."""


@contextmanager
def a_stack(run: RunFolder, settings: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Stopped with all its data; its logs stay."""
    try:
        with start_of(f"the stack in {run.path.parent.name}"):
            running = up(run, owner=os.getpid(), settings=PATIENT | dict(settings))
        yield running
    finally:
        down(run)
