"""Takes due checks with a lease; what was asked until now is what their reads answer (P21, P37)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from uuid_utils import uuid4

from cpt.campus.calendar import AcademicCalendar
from cpt.postgres import Connection, Database
from enrollment_sync.domain import Codes
from enrollment_sync.dossier import Dossier
from enrollment_sync.due import Why
from enrollment_sync.store import calendar_in_force, forget_if_unwatched, load_dossier, lock_students, sql
from enrollment_sync.watch import Watch

LEASE = timedelta(seconds=60)
"""More than twice the time of one read and its result."""


@dataclass(frozen=True, slots=True)
class Claim:
    """`asked_by`: for each request every question that had arrived before the read begins, answered before or not;
    `facts_versions`: the facts it is made with (P4); `codes`: what its answer is read by;
    `traceparent`: of one that asked.
    """

    emplid: str
    token: str
    strms: frozenset[str]
    asked_by: dict[str, tuple[str, ...]]
    facts_versions: dict[str, int]
    codes: Codes
    traceparent: str | None = None

    def is_about(self, watch: Watch) -> bool:
        return self.facts_versions.get(watch.request_id) == watch.facts.facts_version


async def claim_checks(database: Database, now: datetime, limit: int) -> list[Claim]:
    """One question instead of a transaction while nothing is due."""
    async with database.connection() as connection:
        if not await connection.fetchval(sql.something_due, now):
            return []
    async with database.transaction() as connection:
        calendar = await calendar_in_force(connection)
        rows = await connection.fetch(sql.pick_due_students, now, limit)
        claims = [await _claim(connection, row["emplid"], calendar, now) for row in rows]
    return [claim for claim in claims if claim]


async def _claim(connection: Connection, emplid: str, calendar: AcademicCalendar, now: datetime) -> Claim | None:
    token = str(uuid4())
    due = await connection.fetch(sql.claim_due_checks, emplid, now, token, LEASE)
    if not due:
        return None
    dossier = await load_dossier(connection, emplid, calendar)
    if dossier is None:
        await forget_if_unwatched(connection, emplid)
        return None
    asked: dict[str, tuple[str, ...]] = {}
    for row in await connection.fetch(sql.questions_of, dossier.request_ids):
        asked[row["request_id"]] = (*asked.get(row["request_id"], ()), row["event_id"])
    return Claim(
        emplid=emplid,
        token=token,
        strms=frozenset().union(*(watch.strms(calendar) for watch in dossier.watches)),
        asked_by=asked,
        codes=dossier.policy.codes,
        facts_versions={watch.request_id: watch.facts.facts_version for watch in dossier.watches},
        traceparent=next((row["traceparent"] for row in due if row["traceparent"]), None),
    )


async def open_claim(connection: Connection, claim: Claim) -> tuple[Dossier, dict[Why, int]] | None:
    """The dossier under its lock, and why the check was due, with the attempts. None when the lease was lost."""
    await lock_students(connection, [claim.emplid])
    taken = await connection.fetch(sql.take_claimed, claim.emplid, claim.token)
    dossier = await load_dossier(connection, claim.emplid, await calendar_in_force(connection))
    if not taken or dossier is None:
        return None
    reasons: dict[Why, int] = {}
    for row in taken:
        reasons[row["why"]] = max(row["attempts"], reasons.get(row["why"], 0))
    return dossier, reasons
