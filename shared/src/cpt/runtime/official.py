"""Production does not start on the academic calendar that ships with the code: its dates are nobody's."""

from importlib import import_module

from cpt.campus.calendar import AcademicCalendar, illustrative_calendar
from cpt.postgres import Database, PostgresSettings

NONE_LOADED = (
    "no official academic calendar is in force: load it with "
    "`python -m enrollment_sync calendar load FILE --as NAME` (docs/go-live.md)"
)
_READ_BY = {("intake", "web"), ("review", "web"), ("enrollment_sync", "web"), ("enrollment_sync", "worker")}
"""The workers of intake and review start without it, because they are told of it by its event."""


async def lacks_calendar(service: str, kind: str, postgres: PostgresSettings) -> bool:
    """False while the database does not answer: a process starts then, and is not ready."""
    if (service, kind) not in _READ_BY:
        return False
    store = import_module(f"{service}.store")
    try:
        async with Database(postgres, service, f"{service}-start") as database, database.connection() as connection:
            calendar: AcademicCalendar = await store.calendar_in_force(connection)
    except Exception:  # noqa: BLE001 whatever the database says against it is readiness's to tell
        return False
    return calendar.terms == illustrative_calendar().terms
