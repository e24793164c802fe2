"""A request in the hands of its student; someone else's does not exist (case 66)."""

import structlog

from cpt.postgres import Connection
from cpt.web.person import Person
from intake.domain.request import Request
from intake.store import NoSuchRequest, find_request, lock_request

log = structlog.get_logger()

READERS = ("adviser", "director")


async def read_request(connection: Connection, request_id: str, person: Person) -> Request:
    """To read it: the student, advisers and directors; raises `NoSuchRequest`."""
    request = await find_request(connection, request_id)
    return _visible(request, request_id, may=request is not None and (_owns(request, person) or person.has(*READERS)))


async def find_own(connection: Connection, request_id: str, person: Person) -> Request:
    """The student's own, without its lock; raises `NoSuchRequest`."""
    request = await find_request(connection, request_id)
    return _visible(request, request_id, may=request is not None and _owns(request, person))


async def lock_own(connection: Connection, request_id: str, person: Person) -> Request:
    """To change it: the student only; raises `NoSuchRequest`."""
    request = await lock_request(connection, request_id)
    return _visible(request, request_id, may=request is not None and _owns(request, person))


def _owns(request: Request, person: Person) -> bool:
    return request.emplid == person.sub and person.has("student")


def _visible(request: Request | None, request_id: str, *, may: bool) -> Request:
    if request is None or not may:
        if request is not None:
            log.warning("request_of_another_asked_for", request_id=request_id)
        raise NoSuchRequest(request_id)
    return request
