"""python -m review web|worker|migrate|prove-line|parked|verify-audit."""

import review
from cpt.contracts.audit import ReviewAuditSealed
from cpt.messaging import Consumer
from cpt.postgres import Database
from cpt.runtime.clock import shifted
from cpt.runtime.main import run_service
from cpt.runtime.parked import parked_command
from cpt.runtime.verify_audit import verify_audit_command
from review.app import build_web, build_worker
from review.consumer import build_consumer
from review.line.prove_line import prove_line
from review.settings import ReviewSettings


async def _prove_line(_: list[str]) -> int:
    """Exit code 1 and one line for each violation."""
    database = Database(ReviewSettings().postgres, "review", "review-prove-line")
    await database.open()
    async with database.connection() as connection:
        violations = await prove_line(connection)
    await database.close()
    print("\n".join(violations) or "The order of every assignment is proved.")  # noqa: T201 the answer of a command
    return 1 if violations else 0


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
            "prove-line": _prove_line,
            "parked": parked_command(_parts),
            "verify-audit": verify_audit_command("review", ReviewSettings, ReviewAuditSealed),
        },
    )
