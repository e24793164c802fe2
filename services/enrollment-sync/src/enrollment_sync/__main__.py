"""python -m enrollment_sync web|worker|migrate|calendar|replay-evaluations|restore-told|retention|end-sessions|parked|rewind|verify-audit."""

import getpass
import json
import sys
from pathlib import Path

import enrollment_sync
from cpt.campus.calendar import InvalidCalendar
from cpt.contracts.audit import EnrollmentAuditSealed
from cpt.messaging import Consumer
from cpt.postgres import Database
from cpt.runtime.clock import shifted
from cpt.runtime.end_sessions import end_sessions_command
from cpt.runtime.main import run_service
from cpt.runtime.parked import parked_command
from cpt.runtime.retention import retention_command
from cpt.runtime.rewind import rewind_command
from cpt.runtime.verify_audit import verify_audit_command
from enrollment_sync.app import build_web, build_worker
from enrollment_sync.checks.replay_evaluations import replay_evaluations
from enrollment_sync.checks.restore_told import restore_told
from enrollment_sync.consumer import build_consumer
from enrollment_sync.monitoring.revise_calendar import NotNewer, revise_calendar
from enrollment_sync.settings import EnrollmentSettings
from enrollment_sync.told import everything_said
from enrollment_sync.watches.retain_students import retain_students


async def _calendar(words: list[str]) -> int:
    """`calendar load FILE`: every fault at once, or the version that is now in force."""
    if len(words) != 2 or words[0] != "load":
        print("usage: python -m enrollment_sync calendar load FILE", file=sys.stderr)  # noqa: T201 a command's answer
        return 2
    settings = EnrollmentSettings()
    database = Database(settings.postgres, "enrollment_sync", "enrollment-sync-calendar")
    await database.open()
    try:
        form = json.loads(Path(words[1]).read_text("utf-8"))  # noqa: ASYNC240 a command does one thing
        async with database.transaction() as connection:
            now = shifted(settings.clock_offset)()
            version = await revise_calendar(connection, form, f"terminal:{getpass.getuser()}", now)
    except (InvalidCalendar, NotNewer, OSError, ValueError) as error:
        print(error, file=sys.stderr)  # noqa: T201 a command's answer
        return 1
    finally:
        await database.close()
    print(f"version {version} is in force")  # noqa: T201 a command's answer
    return 0


async def _replay_evaluations(words: list[str]) -> int:
    """`replay-evaluations [REQUEST_ID]`: exit code 1 and one line for each whose answer differs."""
    database = Database(EnrollmentSettings().postgres, "enrollment_sync", "enrollment-sync-replay")
    await database.open()
    try:
        async with database.connection() as connection:
            found = [line async for line in replay_evaluations(connection, words[0] if words else None)]
    finally:
        await database.close()
    differences = [line for line in found if line]
    print("\n".join([*differences, f"{len(found)} evaluations replayed, {len(differences)} differ."]))  # noqa: T201 a command's answer
    return 1 if differences else 0


async def _restore_told(_: list[str]) -> int:
    """After a restore of the database, before `worker` starts."""
    settings = EnrollmentSettings()
    told = await everything_said(settings.kafka)
    database = Database(settings.postgres, "enrollment_sync", "enrollment-sync-restore-told")
    await database.open()
    try:
        async with database.transaction() as connection:
            actor, now = f"terminal:{getpass.getuser()}", shifted(settings.clock_offset)()
            forgotten = await restore_told(connection, told.check_no, told.losses, actor, now)
    finally:
        await database.close()
    print(f"{forgotten} losses are known again; checks go on above number {told.check_no}.")  # noqa: T201 a command's answer
    return 0


def _parts() -> tuple[Database, Consumer]:
    settings = EnrollmentSettings()
    database = Database(settings.postgres, "enrollment_sync", "enrollment-sync-parked")
    return database, build_consumer(shifted(settings.clock_offset))


if __name__ == "__main__":
    run_service(
        enrollment_sync,
        settings=EnrollmentSettings,
        web=lambda: build_web(EnrollmentSettings()),
        worker=lambda: build_worker(EnrollmentSettings()).run(),
        commands={
            "calendar": _calendar,
            "replay-evaluations": _replay_evaluations,
            "end-sessions": end_sessions_command("enrollment_sync", EnrollmentSettings),
            "restore-told": _restore_told,
            "retention": retention_command("enrollment_sync", EnrollmentSettings, "requests", retain_students),
            "parked": parked_command(_parts),
            "rewind": rewind_command(EnrollmentSettings, _parts),
            "verify-audit": verify_audit_command("enrollment_sync", EnrollmentSettings, EnrollmentAuditSealed),
        },
    )
