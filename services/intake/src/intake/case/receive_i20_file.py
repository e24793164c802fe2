"""The office uploaded the signed I-20: the student fetches it on their own page (A28)."""

from dataclasses import replace
from datetime import datetime

from cpt.contracts.staff import I20FileAdded
from cpt.postgres import Connection
from intake.domain.values import I20File
from intake.store import add_history, lock_request, save_request, write_audit


async def receive_i20_file(connection: Connection, event: I20FileAdded, now: datetime) -> None:
    """A file of an older authorization than the one held is history."""
    request = await lock_request(connection, event.request_id)
    held = request.i20_file if request else None
    if request is None or (held and held.authorization_version > event.authorization_version):
        return
    file = I20File(event.authorization_version, event.file.object_key, event.file.sha256, event.at)
    if held and (held.authorization_version, held.sha256) == (file.authorization_version, file.sha256):
        return
    await save_request(connection, replace(request, i20_file=file))
    await write_audit(connection, now, "review", "i20_file_added", request.request_id, sha256=file.sha256)
    await add_history(connection, request.request_id, event.at, "i20_file_added", "office")
