"""The office uploaded the signed I-20: the student fetches it on their own page (A28)."""

from dataclasses import replace

from cpt.contracts.staff import I20FileAdded
from intake.domain.values import I20File
from intake.line.unit_of_work import UnitOfWork
from intake.store import add_history, lock_request, save_request


async def receive_i20_file(work: UnitOfWork, event: I20FileAdded) -> None:
    """A file of an older authorization than the one held is history."""
    request = await lock_request(work.connection, event.request_id)
    held = request.i20_file if request else None
    if request is None or (held and held.authorization_version > event.authorization_version):
        return
    file = I20File(event.authorization_version, event.file.object_key, event.file.sha256, event.at)
    if held and (held.authorization_version, held.sha256) == (file.authorization_version, file.sha256):
        return
    await save_request(work.connection, replace(request, i20_file=file))
    await work.audit("review", "i20_file_added", request.request_id, sha256=file.sha256)
    await add_history(work.connection, request.request_id, event.at, "i20_file_added", "office")
