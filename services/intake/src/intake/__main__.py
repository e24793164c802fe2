"""python -m intake web|worker|migrate|restore-line|retention|end-sessions|parked|rewind|verify-audit."""

import intake
from cpt.contracts.audit import IntakeAuditSealed
from cpt.messaging import Consumer
from cpt.postgres import Database
from cpt.runtime.clock import shifted
from cpt.runtime.end_sessions import end_sessions_command
from cpt.runtime.main import run_service
from cpt.runtime.parked import parked_command
from cpt.runtime.retention import retention_command
from cpt.runtime.rewind import rewind_command
from cpt.runtime.verify_audit import verify_audit_command
from intake.app import build_web, build_worker
from intake.commands import restore_line_command, retain
from intake.consumer import build_consumer
from intake.settings import IntakeSettings


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
            "restore-line": restore_line_command,
            "end-sessions": end_sessions_command("intake", IntakeSettings),
            "parked": parked_command(_parts),
            "rewind": rewind_command(IntakeSettings, _parts),
            "retention": retention_command("intake", IntakeSettings, "requests", retain),
            "verify-audit": verify_audit_command("intake", IntakeSettings, IntakeAuditSealed),
        },
    )
