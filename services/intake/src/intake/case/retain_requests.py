"""Retention: what nobody has to keep any more is deleted, logged, and passed over while a legal hold stands (case 70)."""

from dataclasses import dataclass
from datetime import datetime

from cpt.campus.clock import eastern_date
from cpt.postgres import Connection, Database
from intake.documents.accept_upload import forget_document
from intake.documents.document_store import DocumentStore
from intake.store import sql, write_audit

ACTOR = "retention"


@dataclass(frozen=True, slots=True)
class Retention:
    """Years after the end of study, of the authorization and of the last event."""

    database: Database
    store: DocumentStore
    years: int

    async def step(self, now: datetime) -> int:
        """How many requests and documents left; a crash anywhere in it is made good by the next step."""
        return len(await retain_requests(self.database, now, self.years)) + await delete_documents(self, now)


async def retain_requests(database: Database, now: datetime, years: int, *, dry_run: bool = False) -> list[str]:
    """One step: at most a hundred requests; returns their ids. The audit record and the list of numbers stay.

    Each document's key is kept in the same transaction, until `delete_documents` has deleted the object behind it.
    """
    today = eastern_date(now)
    async with database.transaction() as connection:
        rows = await connection.fetch(sql.requests_past_retention, today, years)
        if dry_run:
            return [row["request_id"] for row in rows]
        purges = [(row["request_id"], {"counted_from": str(row["counted_from"]), "years": years}) for row in rows]
        gone = [request_id for request_id, why in purges if await _purge(connection, request_id, now, why)]
        await connection.execute(sql.forget_drafts, now, years)
        await connection.execute(sql.forget_draft_documents, now)
        await connection.execute(sql.forget_agreements, today, years)
    return gone


async def _purge(connection: Connection, request_id: str, now: datetime, why: dict[str, object]) -> bool:
    """A hold that was told while the row was chosen still counts: its consumer needs the same lock."""
    if await connection.fetchval(sql.is_held, request_id):
        return False
    documents = await connection.fetchval(sql.mark_for_deletion, request_id, now)
    await connection.execute(sql.purge_request, request_id)
    await write_audit(connection, now, ACTOR, "request_purged", request_id, **why, documents=documents)
    return True


async def delete_documents(retention: Retention, now: datetime) -> int:
    """At most a hundred objects with the pictures of their pages; one that fails keeps none of the others."""
    async with retention.database.connection() as connection:
        doomed = await connection.fetch(sql.doomed_objects)
    failures, deleted = [], 0
    for row in doomed:
        try:
            await forget_document(retention.store, row["object_key"])
        except OSError as failure:
            failures.append(failure)
            continue
        async with retention.database.transaction() as connection:
            if await connection.fetchval(sql.forget_object, row["object_key"]):
                key = row["object_key"]
                await write_audit(connection, now, ACTOR, "document_deleted", row["request_id"], object_key=key)
                deleted += 1
    if failures:
        raise failures[0]
    return deleted
