"""What a person asks intake from a terminal."""

from datetime import datetime

from cpt.postgres import Database
from intake.case.retain_requests import Retention, delete_documents, retain_requests
from intake.documents.document_store import DocumentStore
from intake.line.restore_line import restore_line
from intake.settings import IntakeSettings
from intake.told_numbers import everything_said


async def restore_line_command(_: list[str]) -> int:
    """After a restore of the database, before `web` starts."""
    settings = IntakeSettings()
    told = await everything_said(settings.kafka)
    opened = Database(settings.postgres, "intake", "intake-restore-line")
    async with opened as database, database.transaction() as connection:
        done = await restore_line(connection, told.number, told.rounds, told.facts)
    lines = [f"{request_id} had gone further; its student must look at it again." for request_id in done.behind]
    lines += [f"{one} is unknown here (number {told.numbers.get(one, 'none')})." for one in done.unknown]
    print(*lines, f"The highest number told is {told.number}; the next one will be {done.last + 1}.", sep="\n")  # noqa: T201 the answer of a command
    return 0


async def retain(database: Database, now: datetime, years: int, *, dry_run: bool = False) -> list[str]:
    """Requests, and after the last of them the documents of all."""
    due = await retain_requests(database, now, years, dry_run=dry_run)
    retention = Retention(database, DocumentStore.at(IntakeSettings().documents.url), years)
    while not due and not dry_run and await delete_documents(retention, now):
        continue
    return due
