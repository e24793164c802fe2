"""What a DSO does with a batch: download it, say that it was uploaded, or discard one that never was."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cpt.campus.clock import eastern_date, in_words
from cpt.contracts.values import Person
from cpt.postgres import Connection
from review.cases.ask_for_issuance import ask_spire
from review.cases.ownership import lock_without_line, require_not_own, require_state
from review.domain import Fault, Refused, Unfit
from review.sevis.domain import USER_ID, upload_by
from review.sevis.store import Batch, NoSuchBatch, lock_batch, records_of_batch, sql
from review.store import Cause, write_audit


async def set_user_id(connection: Connection, adviser: Person, user_id: str, now: datetime) -> None:
    """Everybody's own. Raises `Unfit`."""
    if not USER_ID.fullmatch(user_id):
        raise Unfit(Fault("user_id", "not_ten_characters", "A SEVIS user ID has exactly ten characters and no space."))
    await connection.execute(sql.set_user_id, adviser.sub, user_id, adviser.sub, now)
    await write_audit(connection, Cause("set_user_id", adviser.sub, now), "sevis_user_id_set", adviser.sub)


async def ask_for_batch(
    connection: Connection, request_ids: Sequence[str], person: Person, now: datetime, *, of_all: bool
) -> None:
    """Asks SPIRE about several cases before they go into a file (P21). Raises `NoSuchCase`, `Refused`."""
    for request_id in sorted(set(request_ids)):
        case = await lock_without_line(connection, request_id)
        require_not_own(case.completed.facts.emplid, person)
        require_state(case, {"approved"}, person)
        if case.holder is not None and case.holder.sub != person.sub and not of_all:
            raise Refused("not_yours", "Another adviser holds this case.")
        await ask_spire(connection, case, now)


async def read_file(connection: Connection, batch_id: str, reader: Person, now: datetime) -> bytes:
    """The same bytes each time. Raises `NoSuchBatch`, `Refused`."""
    row = await connection.fetchrow(sql.file_of_batch, batch_id)
    if row is None or not row["content"]:
        raise NoSuchBatch(batch_id)
    if row["state"] == "discarded":
        raise Refused("wrong_state", "This batch was discarded; draw up a new one.")
    if row["state"] == "drawn_up":
        await _require_in_time(connection, batch_id, now)
    await connection.execute(sql.note_download, batch_id, now)
    await write_audit(connection, Cause("download", reader.sub, now), "sevis_batch_downloaded", batch_id)
    content: bytes = row["content"]
    return content


async def _require_in_time(connection: Connection, batch_id: str, now: datetime) -> None:
    """SB4, SB6: what was checked when it was drawn up must still hold when it is carried. Raises `Refused`."""
    records = await records_of_batch(connection, batch_id)
    last = upload_by((record["kind"], record["start_date"]) for record in records)
    if last is not None and eastern_date(now) > last:
        message = f"It had to be uploaded by the evening of {in_words(last)}. Discard it if it was never uploaded, and draw up what is left."
        raise Refused("wrong_state", message)


async def mark_uploaded(connection: Connection, batch_id: str, by: Person, now: datetime) -> None:
    """The DSO uploaded it; SEVIS's log will say more. Raises `NoSuchBatch`, `Refused`."""
    batch = await _locked(connection, batch_id, {"drawn_up", "uploaded"})
    if batch.state == "uploaded":
        return
    await connection.execute(sql.move_batch, batch_id, "uploaded", None, now)
    records = [row["record_id"] for row in await connection.fetch(sql.records_of_batch, batch_id)]
    nothing: list[Any] = [None] * len(records)
    await connection.fetch(sql.move_records, records, ["uploaded"] * len(records), nothing, nothing, now)
    await write_audit(connection, Cause("upload", by.sub, now), "sevis_batch_uploaded", batch_id)


async def discard_batch(connection: Connection, batch_id: str, by: Person, reason: str, now: datetime) -> None:
    """Its authorizations are ready again. Raises `NoSuchBatch`, `Refused`: what SEVIS may have is never discarded."""
    await _locked(connection, batch_id, {"drawn_up"})
    cause = Cause("discard", by.sub, now)
    await connection.execute(sql.move_batch, batch_id, "discarded", None, now)
    for row in await connection.fetch(sql.discard_records, batch_id):
        await write_audit(connection, cause, "taken_from_sevis_batch", row["request_id"], batch_id=batch_id)
    await write_audit(connection, cause, "sevis_batch_discarded", batch_id, reason=reason)


async def _locked(connection: Connection, batch_id: str, states: set[str]) -> Batch:
    batch = await lock_batch(connection, batch_id)
    if batch.state not in states:
        raise Refused("wrong_state", f"The batch is {batch.state.replace('_', ' ')}.")
    return batch
