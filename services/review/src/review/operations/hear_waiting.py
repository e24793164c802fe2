"""Operations see what waits in every service on one page: each tells it, and acts stay where the message is (P33)."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from cpt.contracts.operations import (
    EnrollmentMessagesWaiting,
    IntakeMessagesWaiting,
    MessagesWaiting,
    NotifierMessagesWaiting,
)
from cpt.postgres import Connection, Database, Queries
from cpt.runtime.clock import Clock
from cpt.runtime.sections import LinkSettings
from review.store import Cause

sql = Queries("review.operations")

SILENT_AFTER = timedelta(minutes=6)
"""Three times as long as a service that lives is silent at most."""


async def hear_waiting(connection: Connection, event: MessagesWaiting, cause: Cause) -> None:  # noqa: ARG001 one form for all
    parked = [message.model_dump(mode="json") for message in event.parked]
    await connection.execute(sql.keep_waiting, event.SOURCE, event.at, parked, event.parked_in_all, event.rejected)


def waiting_elsewhere(
    database: Database, links: LinkSettings, clock: Clock
) -> Callable[[], Awaitable[list[dict[str, Any]]]]:
    """For the page: each other service with `title`, `href`, `at`, `silent`, `parked`, `parked_in_all` and `rejected`; one that
    has told nothing yet has no `at`.
    """
    services = (
        ("Requests", links.intake, IntakeMessagesWaiting.SOURCE),
        ("Enrollment watch", links.enrollment_sync, EnrollmentMessagesWaiting.SOURCE),
        ("Mails", links.notifier, NotifierMessagesWaiting.SOURCE),
    )

    async def found() -> list[dict[str, Any]]:
        async with database.connection() as connection:
            told = {row["service"]: dict(row) for row in await connection.fetch(sql.waiting_by_service)}
        return [_shown(title, href, told.get(source), clock()) for title, href, source in services]

    return found


def _shown(title: str, href: str, told: dict[str, Any] | None, now: datetime) -> dict[str, Any]:
    if told is None:
        return {
            "title": title,
            "href": href,
            "at": None,
            "silent": True,
            "parked": (),
            "parked_in_all": 0,
            "rejected": 0,
        }
    parked = [{**one, "since": datetime.fromisoformat(one["since"])} for one in told["parked"]]
    return {
        **told,
        "title": title,
        "href": href.rstrip("/"),
        "silent": now - told["at"] > SILENT_AFTER,
        "parked": parked,
    }
