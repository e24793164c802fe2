"""What a person asks intake from a terminal."""

import argparse
import sys
from datetime import datetime
from pathlib import Path

from cpt.contracts.audit import IntakeAuditSealed
from cpt.messaging import Consumer
from cpt.postgres import Database
from cpt.runtime.actor import terminal_actor
from cpt.runtime.clock import shifted
from cpt.runtime.end_sessions import end_sessions_command
from cpt.runtime.parked import parked_command
from cpt.runtime.retention import retention_command
from cpt.runtime.rewind import rewind_command
from cpt.runtime.verify_audit import verify_audit_command
from intake.app import build_uploads
from intake.case.draw_pictures import draw_pictures
from intake.case.retain_requests import Retention, delete_documents, retain_requests
from intake.consumer import build_consumer
from intake.documents.document_store import DocumentStore
from intake.documents.read_document import DocumentReaders
from intake.handshake.import_experiences import NotWhole, import_experiences
from intake.handshake.mapping import InvalidMapping, load_words
from intake.line.publish_statuses import publish_statuses
from intake.line.restore_line import restore_line
from intake.own_topic import read_published
from intake.settings import IntakeSettings


async def restore_line_command(_: list[str]) -> int:
    """After a restore of the database, before `web` starts; it goes into the audit record."""
    settings, actor = IntakeSettings(), terminal_actor()
    told = await read_published(settings.kafka)
    opened = Database(settings.postgres, "intake", "intake-restore-line")
    async with opened as database, database.transaction() as connection:
        now = shifted(settings.clock_offset)()
        done = await restore_line(connection, told.number, told.rounds, told.facts, actor, now)
    lines = [f"{request_id} had gone further; its student must look at it again." for request_id in done.behind]
    lines += [f"{one} is unknown here (number {told.numbers.get(one, 'none')})." for one in done.unknown]
    print(*lines, f"The highest number published is {told.number}; the next one will be {done.last + 1}.", sep="\n")  # noqa: T201 the answer of a command
    return 0


async def publish_statuses_command(_: list[str]) -> int:
    """Once after an upgrade to a release with the search: incomplete requests are found before their next change."""
    settings = IntakeSettings()
    async with Database(settings.postgres, "intake", "intake-publish-statuses") as database:
        told = await publish_statuses(database, shifted(settings.clock_offset)())
    print(f"Told of {told} requests that wait for something.")  # noqa: T201 the answer of a command
    return 0


async def import_experiences_command(words: list[str]) -> int:
    """`import-experiences FILE [--mapping FILE]`: what the export told; exit code 1 where nothing of it was taken."""
    parser = argparse.ArgumentParser(prog="import-experiences")
    parser.add_argument("file", type=Path, help="an export of experiences as CSV")
    parser.add_argument("--mapping", default="", help="how your campus names them; absent: the shipped names")
    given, settings = parser.parse_args(words), IntakeSettings()
    now = shifted(settings.clock_offset)()
    try:
        site = load_words(given.mapping or settings.handshake.mapping)
        async with Database(settings.postgres, "intake", "intake-import-experiences") as database:
            report = await import_experiences(database, given.file, site, now)
    except (InvalidMapping, NotWhole) as error:
        print(error, file=sys.stderr)  # noqa: T201 the answer of a command
        return 1
    print("\n".join(report.lines()))  # noqa: T201 the answer of a command
    return 0


async def draw_pictures_command(_: list[str]) -> int:
    """Once after an upgrade to a release with the viewer, beside `web`: it reads documents as `web` does."""
    settings = IntakeSettings()
    async with DocumentReaders() as readers, Database(settings.postgres, "intake", "intake-draw-pictures") as database:
        drawn, without = await draw_pictures(database, build_uploads(settings.documents, readers))
    print(f"{drawn} documents have pictures now; {without} cannot be drawn.")  # noqa: T201 the answer of a command
    return 0


async def retain(database: Database, now: datetime, years: int, *, dry_run: bool = False) -> list[str]:
    """Requests, and after the last of them the documents of all."""
    due = await retain_requests(database, now, years, dry_run=dry_run)
    retention = Retention(database, DocumentStore.at(IntakeSettings().documents.url), years)
    while not due and not dry_run and await delete_documents(retention, now):
        continue
    return due


def _parts() -> tuple[Database, Consumer]:
    settings = IntakeSettings()
    database = Database(settings.postgres, "intake", "intake-parked")
    return database, build_consumer(shifted(settings.clock_offset))


COMMANDS = {
    "import-experiences": import_experiences_command,
    "restore-line": restore_line_command,
    "draw-pictures": draw_pictures_command,
    "publish-statuses": publish_statuses_command,
    "end-sessions": end_sessions_command("intake", IntakeSettings),
    "parked": parked_command(_parts),
    "rewind": rewind_command(IntakeSettings, _parts),
    "retention": retention_command("intake", IntakeSettings, "requests", retain),
    "verify-audit": verify_audit_command("intake", IntakeSettings, IntakeAuditSealed),
}
