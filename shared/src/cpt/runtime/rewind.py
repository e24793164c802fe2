"""`python -m <service> rewind [TOPIC …] [--to stored|beginning|TIME]`, while the worker is stopped."""

import argparse
from collections.abc import Callable
from datetime import datetime

from cpt.messaging import Consumer
from cpt.messaging.rewind import Goal, NotConsumed, StillConsuming, rewind
from cpt.postgres import Database
from cpt.runtime.actor import terminal_actor
from cpt.runtime.main import Command
from cpt.runtime.settings import Settings

GOALS = "stored (as far as the database has come; the default), beginning, or an instant: 2026-09-01T08:00-04:00"

Parts = Callable[[], tuple[Database, Consumer]]


def rewind_command(settings: Callable[[], Settings], parts: Parts) -> Command:
    """Exit code 1 when the worker still runs or a topic is not read here; nothing is changed then."""

    async def run(rest: list[str]) -> int:
        words = _parse(rest)
        opened, consumer = parts()
        actor = terminal_actor()
        try:
            async with opened as database:
                moved = await rewind(settings().kafka, database, consumer, words.topics, words.to, actor)
        except (StillConsuming, NotConsumed) as error:
            print(f"{type(error).__name__}: {error}")  # noqa: T201 the command's answer
            return 1
        lines = [f"{topic}/{partition}: {pair[0]} → {pair[1]}" for (topic, partition), pair in moved.items()]
        again = sum(before - after for before, after in moved.values())
        print(*lines, f"{again} records will be read again.", sep="\n")  # noqa: T201 as above
        return 0

    return run


def _parse(rest: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="rewind", description=__doc__)
    parser.add_argument("topics", nargs="*", help="all that the service reads, where none is named")
    parser.add_argument("--to", type=_goal, default="stored", help=GOALS)
    return parser.parse_args(rest)


def _goal(text: str) -> Goal:
    if text in ("stored", "beginning"):
        return text  # type: ignore[return-value]  # narrowed by the line above
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("an instant needs its offset")
    return instant
