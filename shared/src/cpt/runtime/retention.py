"""`python -m <service> retention [--dry-run]`: deletes now what is past its retention (case 70)."""

import argparse
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from cpt.postgres import Database
from cpt.runtime.clock import shifted
from cpt.runtime.main import Command
from cpt.runtime.settings import Settings


class Retain(Protocol):
    """One step: at most a hundred; returns their ids. A legal hold is passed over."""

    async def __call__(self, database: Database, now: datetime, years: int, *, dry_run: bool = False) -> list[str]: ...


def retention_command(schema: str, settings: Callable[[], Settings], what: str, retain: Retain) -> Command:
    """The worker does the same every hour; `--dry-run` names what the first step would delete, and deletes nothing."""

    async def run(rest: list[str]) -> int:
        dry_run, given = _parse(rest), settings()
        now = shifted(given.clock_offset)()
        async with Database(given.postgres, schema, f"{schema}-retention") as database:
            done = more = await retain(database, now, given.retention.years, dry_run=dry_run)
            while more and not dry_run:
                done += (more := await retain(database, now, given.retention.years))
        print(*done, f"{len(done)} {what} {'would be' if dry_run else 'were'} deleted.", sep="\n")  # noqa: T201 the answer of a command
        return 0

    return run


def _parse(rest: list[str]) -> bool:
    parser = argparse.ArgumentParser(prog="retention", description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="name up to a hundred of them, delete nothing")
    found: bool = parser.parse_args(rest).dry_run
    return found
