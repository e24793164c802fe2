"""python -m review web|worker|migrate|prove-line|export-case|import-authorizations|restore-cases|retention|end-sessions|parked|rewind|verify-audit."""

import review
from cpt.contracts.audit import ReviewAuditSealed
from cpt.messaging import Consumer
from cpt.postgres import Database
from cpt.runtime.clock import shifted
from cpt.runtime.end_sessions import end_sessions_command
from cpt.runtime.main import run_service
from cpt.runtime.parked import parked_command
from cpt.runtime.retention import retention_command
from cpt.runtime.rewind import rewind_command
from cpt.runtime.verify_audit import verify_audit_command
from review.app import build_web, build_worker
from review.cases.retain_cases import retain_cases
from review.commands import (
    export_case_command,
    import_authorizations_command,
    prove_line_command,
    restore_cases_command,
)
from review.consumer import build_consumer
from review.settings import ReviewSettings


def _parts() -> tuple[Database, Consumer]:
    settings = ReviewSettings()
    database = Database(settings.postgres, "review", "review-parked")
    return database, build_consumer(settings.review, shifted(settings.clock_offset))


if __name__ == "__main__":
    run_service(
        review,
        settings=ReviewSettings,
        web=lambda: build_web(ReviewSettings()),
        worker=lambda: build_worker(ReviewSettings()).run(),
        commands={
            "prove-line": prove_line_command,
            "export-case": export_case_command,
            "import-authorizations": import_authorizations_command,
            "restore-cases": restore_cases_command,
            "retention": retention_command("review", ReviewSettings, "cases", retain_cases),
            "end-sessions": end_sessions_command("review", ReviewSettings),
            "parked": parked_command(_parts),
            "rewind": rewind_command(ReviewSettings, _parts),
            "verify-audit": verify_audit_command("review", ReviewSettings, ReviewAuditSealed),
        },
    )
