"""python -m enrollment_sync web|worker|migrate|calendar|codes|replay-evaluations|restore-told|retention|end-sessions|parked|rewind|verify-audit."""

import enrollment_sync
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
from enrollment_sync.commands import (
    calendar_command,
    codes_command,
    replay_evaluations_command,
    restore_told_command,
)
from enrollment_sync.consumer import build_consumer
from enrollment_sync.settings import EnrollmentSettings
from enrollment_sync.watches.retain_students import retain_students


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
            "calendar": calendar_command,
            "codes": codes_command,
            "replay-evaluations": replay_evaluations_command,
            "end-sessions": end_sessions_command("enrollment_sync", EnrollmentSettings),
            "restore-told": restore_told_command,
            "retention": retention_command("enrollment_sync", EnrollmentSettings, "requests", retain_students),
            "parked": parked_command(_parts),
            "rewind": rewind_command(EnrollmentSettings, _parts),
            "verify-audit": verify_audit_command("enrollment_sync", EnrollmentSettings, EnrollmentAuditSealed),
        },
    )
