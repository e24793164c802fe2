"""The door for Integration Broker, and SPIRE's read side answered from extracts where a site has no other (docs/connect.md)."""

import secrets
import zlib
from asyncio import to_thread
from collections.abc import AsyncIterator, Awaitable, Iterable
from typing import Annotated, Any, NoReturn, TypeVar

from fastapi import APIRouter, Depends, Header, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from starlette.requests import Request

from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.people import require
from cpt.web.problems import FieldError, Problem, plain_problem
from enrollment_sync.extracts.fields import Fault
from enrollment_sync.extracts.mapping import Mapping
from enrollment_sync.extracts.read_message import Unreadable, read_json, read_xml
from enrollment_sync.extracts.receive_message import Faulty, receive_message
from enrollment_sync.extracts.show_spire import NobodyKnown, NotFresh, ShowSpire

MESSAGE_BYTES = 2 * 2**20
MESSAGE_BODIES = {r"/campus/integration-broker": MESSAGE_BYTES}
_XML, _JSON = {"text/xml", "application/xml"}, {"application/json"}
_MOST_FAULTS = 50
T = TypeVar("T")


class Taken(BaseModel):
    """How many rows were changed by the message; none by one that was sent before."""

    changed: Annotated[int, Field(examples=[1])]


def message_router(database: Database, site: Mapping, clock: Clock) -> APIRouter:
    router = APIRouter(prefix="/campus/integration-broker", tags=["campus"])
    content = {kind: {"schema": {"type": "string" if "xml" in kind else "object"}} for kind in sorted(_XML | _JSON)}
    body = {"requestBody": {"required": True, "content": content}}

    @router.post("", status_code=202, dependencies=[Depends(require("registrar"))], openapi_extra=body)
    async def receive(request: Request) -> Taken:
        """A rowset message of STDNT_ENRL or STDNT_CAR_TERM. Its rows become events that go the way of all others; a
        message of which some row cannot be told is refused, and nothing of it is taken.
        """
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in _XML | _JSON:
            raise plain_problem(415, "Send the message as application/xml or application/json.")
        content = await request.body()
        try:
            told = await to_thread(read_xml if kind in _XML else read_json, content)
            return Taken(changed=await receive_message(database, told, site, clock))
        except Unreadable as error:
            raise plain_problem(422, str(error)) from None
        except Faulty as error:
            _refuse(error.faults)

    return router


def _refuse(faults: list[Fault]) -> NoReturn:
    errors = [
        FieldError(f"Transaction {fault.row}.{fault.column}", "invalid", f"{fault.what}. {fault.do}")
        for fault in faults[:_MOST_FAULTS]
    ]
    raise plain_problem(422, "Nothing of this message was taken.", errors=errors)


def spire_router(spire: ShowSpire, token: str) -> APIRouter:
    """The agreed read side; `token`: of the service account that our own services ask with."""

    async def asker(authorization: Annotated[str, Header()] = "") -> None:
        given = authorization.removeprefix("Bearer ").encode()
        if not token or not secrets.compare_digest(given, token.encode()):
            raise Problem(401, "unauthorized", "A service account's bearer token is needed.")

    router = APIRouter(prefix="/spire", include_in_schema=False, dependencies=[Depends(asker)])

    @router.get("/students/{emplid}")
    async def student(emplid: str) -> dict[str, Any]:
        return await _answered(spire.profile(emplid))

    @router.get("/students/{emplid}/enrollments")
    async def enrollments(emplid: str, strm: Annotated[str | None, Query(max_length=20)] = None) -> dict[str, Any]:
        return await _answered(spire.enrollments(emplid, strm))

    @router.get("/snapshots/{strm}")
    async def snapshot(strm: str) -> StreamingResponse:
        parts = await _answered(spire.snapshot(strm))
        return StreamingResponse(_unpacked(parts), media_type="application/x-ndjson")

    return router


async def _answered(answer: Awaitable[T]) -> T:
    try:
        return await answer
    except NobodyKnown:
        raise Problem(404, "not_found", "No extract has told of this student.") from None
    except NotFresh as error:
        raise Problem(503, "extract_too_old", str(error), headers={"Retry-After": "600"}) from None


async def _unpacked(parts: Iterable[bytes]) -> AsyncIterator[bytes]:
    for part in parts:
        yield zlib.decompress(part)
