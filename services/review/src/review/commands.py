"""What a person asks review from a terminal; each is told its words and returns an exit code."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from cpt.contracts.audit import ReviewAuditSealed
from cpt.contracts.values import Person
from cpt.messaging import Consumer
from cpt.postgres import Database
from cpt.runtime.actor import terminal_actor
from cpt.runtime.clock import shifted
from cpt.runtime.end_sessions import end_sessions_command
from cpt.runtime.parked import parked_command
from cpt.runtime.retention import retention_command
from cpt.runtime.rewind import rewind_command
from cpt.runtime.verify_audit import verify_audit_command
from review.cases.export_case_file import export_case_file
from review.cases.import_authorizations import import_authorizations
from review.cases.ownership import NoSuchCase
from review.cases.read_import import Faulty
from review.cases.restore_cases import restore_cases
from review.cases.retain_cases import retain_cases
from review.consumer import build_consumer
from review.documents import Documents
from review.line.prove_line import prove_line
from review.own_topic import read_decisions
from review.settings import ReviewSettings
from review.texts.restore_texts import restore_texts


@asynccontextmanager
async def _opened(command: str) -> AsyncIterator[tuple[Database, ReviewSettings, datetime]]:
    settings = ReviewSettings()
    async with Database(settings.postgres, "review", f"review-{command}") as database:
        yield database, settings, shifted(settings.clock_offset)()


async def prove_line_command(_: list[str]) -> int:
    """Exit code 1 and one line for each violation."""
    async with _opened("prove-line") as (database, _settings, _now), database.connection() as connection:
        violations = await prove_line(connection)
    _say(*violations or ["The order of every assignment is proved."])
    return 1 if violations else 0


async def export_case_command(arguments: list[str]) -> int:
    """ID FILE: the same archive as `GET /api/cases/{id}/file`, logged under the name of whoever runs it."""
    if len(arguments) != 2:
        _say("usage: python -m review export-case ID FILE")
        return 2
    request_id, target = arguments
    reader = Person(sub=terminal_actor(), name=None, email=None)
    async with _opened("export-case") as (database, settings, now):
        try:
            packed = await export_case_file(database, Documents(settings.documents.url), request_id, reader, now)
        except NoSuchCase:
            _say("There is no case with this ID.")
            return 1
    Path(target).write_bytes(packed)  # noqa: ASYNC240 the last act of a command
    _say(f"{target}: {len(packed)} bytes")
    return 0


async def import_authorizations_command(arguments: list[str]) -> int:
    """FILE [--dry-run]: on the first day; every fault of every row, or all of them stored. Exit code 1 for faults."""
    files = [word for word in arguments if word != "--dry-run"]
    if len(files) != 1:
        _say("usage: python -m review import-authorizations FILE [--dry-run]")
        return 2
    content, dry_run = Path(files[0]).read_bytes(), "--dry-run" in arguments  # noqa: ASYNC240 the first act of a command
    try:
        async with _opened("import") as (database, _settings, now), database.transaction() as connection:
            actor = "dry-run" if dry_run else terminal_actor()
            done = await import_authorizations(connection, content, actor, now, dry_run=dry_run)
    except Faulty as error:
        _say(*error.faults, f"{len(error.faults)} faults; nothing was imported.")
        return 1
    _say(
        f"{len(done.added)} authorizations {'would be' if dry_run else 'were'} imported, {len(done.known)} were before."
    )
    return 0


async def restore_cases_command(_: list[str]) -> int:
    """After a restore, once the worker has caught up and before web starts."""
    async with _opened("restore-cases") as (database, settings, now):
        told = await read_decisions(settings.kafka)
        async with database.transaction() as connection:
            said = await restore_cases(connection, told, terminal_actor(), now)
            said += await restore_texts(connection, told, terminal_actor(), now)
    _say(*said, f"{len(said)} things were done, or are for a person to see to.")
    return 0


def _say(*lines: str) -> None:
    print("\n".join(lines))  # noqa: T201 the answer of a command


def _parts() -> tuple[Database, Consumer]:
    settings = ReviewSettings()
    database = Database(settings.postgres, "review", "review-parked")
    return database, build_consumer(settings.review, shifted(settings.clock_offset))


COMMANDS = {
    "prove-line": prove_line_command,
    "export-case": export_case_command,
    "import-authorizations": import_authorizations_command,
    "restore-cases": restore_cases_command,
    "retention": retention_command("review", ReviewSettings, "cases", retain_cases),
    "end-sessions": end_sessions_command("review", ReviewSettings),
    "parked": parked_command(_parts),
    "rewind": rewind_command(ReviewSettings, _parts),
    "verify-audit": verify_audit_command("review", ReviewSettings, ReviewAuditSealed),
}
