"""What a person asks enrollment-sync from a terminal; each is told its words and returns an exit code."""

import argparse
import json
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from cpt.contracts.audit import EnrollmentAuditSealed
from cpt.messaging import Consumer
from cpt.postgres import Connection, Database
from cpt.runtime.actor import terminal_actor
from cpt.runtime.clock import shifted
from cpt.runtime.end_sessions import end_sessions_command
from cpt.runtime.parked import parked_command
from cpt.runtime.retention import retention_command
from cpt.runtime.rewind import rewind_command
from cpt.runtime.settings import TopicSettings
from cpt.runtime.verify_audit import verify_audit_command
from enrollment_sync.checks.replay_evaluations import replay_evaluations
from enrollment_sync.checks.restore_told import restore_told
from enrollment_sync.code_sets import parse_codes, shipped_codes
from enrollment_sync.conformance.check_spire import check_spire
from enrollment_sync.consumer import build_consumer
from enrollment_sync.extracts.import_place import APPLIED, NOT_TAKEN, NotNamed, import_place, read_wish
from enrollment_sync.extracts.mapping import InvalidMapping, load_mapping
from enrollment_sync.extracts.places import NoPlace
from enrollment_sync.monitoring.revise_calendar import revise_calendar
from enrollment_sync.monitoring.revise_codes import revise_codes
from enrollment_sync.own_topic import read_published
from enrollment_sync.settings import EnrollmentSettings
from enrollment_sync.store import NotNewer
from enrollment_sync.watches.retain_students import retain_students

Revise = Callable[[Connection, Any, str, datetime], Awaitable[int]]


async def calendar_command(words: list[str]) -> int:
    """`calendar load FILE`: every fault at once, or the version that is now in force."""
    return await _load("calendar", revise_calendar, words)


async def codes_command(words: list[str]) -> int:
    """`codes load FILE`: every fault at once, or the version that is now in force."""
    return await _load("codes", revise_codes, words)


async def _load(what: str, revise: Revise, words: list[str]) -> int:
    if len(words) != 2 or words[0] != "load":
        print(f"usage: python -m enrollment_sync {what} load FILE", file=sys.stderr)  # noqa: T201 a command's answer
        return 2
    settings = EnrollmentSettings()
    opened = Database(settings.postgres, "enrollment_sync", f"enrollment-sync-{what}")
    try:
        form = json.loads(Path(words[1]).read_text("utf-8"))  # noqa: ASYNC240 a command does one thing
        async with opened as database, database.transaction() as connection:
            version = await revise(connection, form, terminal_actor(), shifted(settings.clock_offset)())
    except (NotNewer, OSError, ValueError) as error:  # what a form lacks is a ValueError that names every fault
        print(error, file=sys.stderr)  # noqa: T201 a command's answer
        return 1
    print(f"version {version} is in force")  # noqa: T201 a command's answer
    return 0


async def replay_evaluations_command(words: list[str]) -> int:
    """`replay-evaluations [REQUEST_ID]`: exit code 1 and one line for each whose answer differs."""
    opened = Database(EnrollmentSettings().postgres, "enrollment_sync", "enrollment-sync-replay")
    async with opened as database, database.connection() as connection:
        found = [line async for line in replay_evaluations(connection, words[0] if words else None)]
    differences = [line for line in found if line]
    print("\n".join([*differences, f"{len(found)} evaluations replayed, {len(differences)} differ."]))  # noqa: T201 a command's answer
    return 1 if differences else 0


async def restore_told_command(_: list[str]) -> int:
    """After a restore of the database, before `worker` starts."""
    settings = EnrollmentSettings()
    told = await read_published(settings.kafka)
    opened = Database(settings.postgres, "enrollment_sync", "enrollment-sync-restore-told")
    async with opened as database, database.transaction() as connection:
        actor, now = terminal_actor(), shifted(settings.clock_offset)()
        forgotten = await restore_told(connection, told.check_no, told.losses, actor, now)
    print(f"{forgotten} losses are known again; checks go on above number {told.check_no}.")  # noqa: T201 a command's answer
    return 0


async def check_spire_command(words: list[str]) -> int:
    """`check-spire URL --emplid E --strm S`: one line for each deviation, and exit code 1 if there is one."""
    parser = argparse.ArgumentParser(prog="python -m enrollment_sync check-spire")
    parser.add_argument("url", help="the address before /spire/; its bearer token is in CPT_SPIRE__TOKEN")
    parser.add_argument("--emplid", action="append", required=True, help="a student whom it knows; may be repeated")
    parser.add_argument("--strm", action="append", required=True, help="a term; may be repeated")
    parser.add_argument("--codes", type=Path, help="the code sets to be known, instead of those shipped")
    given = parser.parse_args(words)
    codes = parse_codes(json.loads(given.codes.read_text("utf-8"))) if given.codes else shipped_codes()
    token = TopicSettings().spire.token.get_secret_value()
    found = await check_spire(given.url, token, codes, given.emplid, given.strm)
    print("\n".join([*found.deviations, f"{found.answers} answers read, {len(found.deviations)} deviations."]))  # noqa: T201 a command's answer
    return 1 if found.deviations else 0


async def import_extract_command(words: list[str]) -> int:
    """`import-extract PLACE`: what became of each file; exit code 1 where one was held or refused."""
    wish, settings = read_wish(words), EnrollmentSettings()
    opened = Database(settings.postgres, "enrollment_sync", "enrollment-sync-import-extract")
    try:
        site = load_mapping(wish.mapping or settings.extracts.mapping)
        async with opened as database:
            now, share = shifted(settings.clock_offset)(), settings.enrollment.snapshot_min_share
            reports = await import_place(database, wish, site, now, terminal_actor(), share)
    except (InvalidMapping, NoPlace, NotNamed) as error:
        print(error, file=sys.stderr)  # noqa: T201 a command's answer
        return NOT_TAKEN
    return NOT_TAKEN if any(report.outcome in {"held", "refused"} for report in reports) else APPLIED


def _parts() -> tuple[Database, Consumer]:
    settings = EnrollmentSettings()
    database = Database(settings.postgres, "enrollment_sync", "enrollment-sync-parked")
    return database, build_consumer(shifted(settings.clock_offset))


COMMANDS = {
    "calendar": calendar_command,
    "codes": codes_command,
    "check-spire": check_spire_command,
    "import-extract": import_extract_command,
    "replay-evaluations": replay_evaluations_command,
    "end-sessions": end_sessions_command("enrollment_sync", EnrollmentSettings),
    "restore-told": restore_told_command,
    "retention": retention_command("enrollment_sync", EnrollmentSettings, "requests", retain_students),
    "parked": parked_command(_parts),
    "rewind": rewind_command(EnrollmentSettings, _parts),
    "verify-audit": verify_audit_command("enrollment_sync", EnrollmentSettings, EnrollmentAuditSealed),
}

WITHOUT_DATABASE = {"check-spire"}
