"""`python -m <service> end-sessions SUB|--everybody`: for an account that was taken over or closed."""

import argparse
from collections.abc import Callable

from cpt.messaging.parking import write_audit
from cpt.postgres import Database
from cpt.runtime.actor import terminal_actor
from cpt.runtime.main import Command
from cpt.runtime.settings import Settings
from cpt.web.session_rows import end_sessions_of


def end_sessions_command(schema: str, settings: Callable[[], Settings]) -> Command:
    """Browsers have to sign in again; bearer tokens keep their own lifetime. Run it for every service."""

    async def run(rest: list[str]) -> int:
        sub = _parse(rest)
        opened = Database(settings().postgres, schema, f"{schema}-end-sessions")
        async with opened as database, database.transaction() as connection:
            ended = await end_sessions_of(connection, sub)
            detail = {"ended": ended, "everybody": sub is None}
            await write_audit(connection, terminal_actor(), "sessions_ended", "sessions", detail)
        print(f"{ended} sessions were ended.")  # noqa: T201 the answer of a command
        return 0

    return run


def _parse(rest: list[str]) -> str | None:
    parser = argparse.ArgumentParser(prog="end-sessions", description=__doc__)
    who = parser.add_mutually_exclusive_group(required=True)
    who.add_argument("sub", nargs="?", help="who signs in by this name; of a student the EMPLID")
    who.add_argument("--everybody", action="store_true")
    found: str | None = parser.parse_args(rest).sub
    return found
