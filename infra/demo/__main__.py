"""`python -m infra.demo`: plays the story on the stack; with ONCE=1 or without a terminal it stops afterwards."""

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime
from typing import Any

import httpx2
from rich.console import Console

from infra.demo.batch import SevisBatch
from infra.demo.cast import TODAY
from infra.demo.office import Office, Unexpected
from infra.demo.story import Story
from infra.demo.timeline import Timeline
from infra.devstack.control import StackFailed, down, running, up
from infra.devstack.run_folder import RunFolder

SETTINGS = {"CPT_REVIEW__SETTLING_MINUTES": "0.05", "CPT_SEVIS__SCHOOLS": '{"Amherst": "BOS214F00000000"}'}
"""The settling window of fifteen minutes is three seconds long, so that a person sees its end."""


def main() -> int:
    run = RunFolder()
    if running(run):
        print("a stack runs already in this clone; `make down` stops it", file=sys.stderr)
        return 1
    for name, value in stage().items():
        os.environ.setdefault(name, value)  # a caller's own settings win
    told = False
    try:
        stack = up(run, owner=os.getpid())
        timeline = Timeline()
        asyncio.run(_play(stack, timeline))
        timeline.addresses(stack)
        told = True
        if not os.environ.get("ONCE") and sys.stdin.isatty():
            print("\nCtrl-C stops everything.")
            signal.pause()
    except (Unexpected, StackFailed, httpx2.HTTPError) as error:
        Console(stderr=True).print(f"[bold red]The story failed:[/] {error}")
        return 1
    except KeyboardInterrupt:
        return 0 if told else 130  # what was cut off has not happened
    finally:
        down(run)
    return 0


def stage() -> dict[str, str]:
    """Settings that make it the story's day, whenever it is played."""
    opening = datetime.fromisoformat(f"{TODAY}T14:00:00+00:00")
    return {**SETTINGS, "CPT_CLOCK_OFFSET": str((opening - datetime.now(UTC)).total_seconds())}


async def _play(stack: dict[str, Any], timeline: Timeline) -> None:
    async with httpx2.AsyncClient(timeout=30) as http:
        office = Office(stack, http)
        await Story(office, timeline).play()
        await SevisBatch(office, timeline).play()


if __name__ == "__main__":
    sys.exit(main())
