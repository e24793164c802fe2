"""python -m intake web|worker|migrate|restore-line|parked|verify-audit."""

import intake
from cpt.contracts.audit import IntakeAuditSealed
from cpt.messaging import Consumer
from cpt.postgres import Database
from cpt.runtime.clock import shifted
from cpt.runtime.main import run_service
from cpt.runtime.parked import parked_command
from cpt.runtime.verify_audit import verify_audit_command
from intake.app import build_web, build_worker
from intake.consumer import build_consumer
from intake.line.restore_line import restore_line
from intake.settings import IntakeSettings
from intake.told_numbers import highest_number_told


async def _restore_line(_: list[str]) -> int:
    """After a restore of the database, before `web` starts."""
    settings = IntakeSettings()
    highest = await highest_number_told(settings.kafka)
    database = Database(settings.postgres, "intake", "intake-restore-line")
    await database.open()
    async with database.transaction() as connection:
        last = await restore_line(connection, highest)
    await database.close()
    print(f"The highest number told is {highest}; the next one will be {last + 1}.")  # noqa: T201 the answer of a command
    return 0


def _parts() -> tuple[Database, Consumer]:
    settings = IntakeSettings()
    database = Database(settings.postgres, "intake", "intake-parked")
    return database, build_consumer(shifted(settings.clock_offset))


if __name__ == "__main__":
    run_service(
        intake,
        settings=IntakeSettings,
        web=lambda: build_web(IntakeSettings()),
        worker=lambda: build_worker(IntakeSettings()).run(),
        commands={
            "restore-line": _restore_line,
            "parked": parked_command(_parts),
            "verify-audit": verify_audit_command("intake", IntakeSettings, IntakeAuditSealed),
        },
    )
