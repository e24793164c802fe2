"""Everybody's hands on the stack: students, advisers, the registrar and Handshake, over the outer interfaces only."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx2
from tenacity import (
    AsyncRetrying,
    retry_if_exception_type,
    retry_if_result,
    wait_fixed,
)

from infra.devstack.patience import stretched

PATIENCE = 30.0
"""Seconds; on an idle stack every effect that needs no person is visible within ten."""

Json = dict[str, Any]


class Unexpected(Exception):
    """A step of the story did not happen."""


@dataclass(slots=True)
class Office:
    """`stack` is what `.run/stack.json` says; tokens are kept by person."""

    stack: Mapping[str, Any]
    http: httpx2.AsyncClient
    _tokens: dict[str, str] = field(default_factory=dict)

    async def call(
        self,
        who: str,
        roles: Sequence[str],
        method: str,
        service: str,
        path: str,
        *,
        good: Sequence[int] = (200, 201),
        **more: Any,
    ) -> Any:
        """A call with the person's own token; raises `Unexpected` for another status."""
        headers = {"Authorization": f"Bearer {await self._token(who, roles)}", **more.pop("headers", {})}
        answer = await self._send(method, f"{self.stack[service]}{path}", headers=headers, **more)
        if answer.status_code not in good:
            raise Unexpected(f"{method} {path} answered {answer.status_code}: {answer.text[:500]}")
        return answer.json() if answer.content and answer.status_code != 409 else answer

    async def download(self, who: str, roles: Sequence[str], service: str, path: str) -> bytes:
        """The bytes of a file."""
        headers = {"Authorization": f"Bearer {await self._token(who, roles)}"}
        answer = await self._send("GET", f"{self.stack[service]}{path}", headers=headers)
        if answer.status_code != 200:
            raise Unexpected(f"GET {path} answered {answer.status_code}: {answer.text[:500]}")
        return answer.content

    async def campus(self, method: str, path: str, **more: Any) -> Any:
        answer = await self._send(method, f"{self.stack['campus']}{path}", **more)
        if answer.status_code >= 300:
            raise Unexpected(f"{method} {path} answered {answer.status_code}: {answer.text[:500]}")
        return answer.json() if answer.content else None

    async def _send(self, method: str, address: str, **more: Any) -> httpx2.Response:
        """Like a person whose page does not load: once more, while a process restarts. Every act here may be repeated."""
        patiently = AsyncRetrying(
            retry=retry_if_exception_type(httpx2.TransportError) | retry_if_result(lambda a: a.status_code == 503),
            wait=wait_fixed(0.2),
            stop=lambda state: (state.seconds_since_start or 0) > stretched(PATIENCE),
            reraise=True,
        )
        answer: httpx2.Response = await patiently(self.http.request, method, address, **more)
        return answer

    async def _token(self, who: str, roles: Sequence[str]) -> str:
        if who not in self._tokens:
            made = await self.campus("POST", "/demo/token", json={"sub": who, "roles": list(roles)})
            self._tokens[who] = made["access_token"]
        return self._tokens[who]

    async def send_request(self, emplid: str, form: Json) -> Any:
        key = {"Idempotency-Key": str(uuid4())}
        return await self.call(emplid, ["student"], "POST", "intake", "/api/requests", json=form, headers=key)

    async def upload(self, emplid: str, request_id: str, kind: str, pdf: bytes) -> Any:
        name = kind.partition("?")[0]
        headers = {"Content-Type": "application/pdf", "Content-Disposition": f'attachment; filename="{name}.pdf"'}
        path = f"/api/requests/{request_id}/documents/{kind}"
        return await self.call(emplid, ["student"], "PUT", "intake", path, content=pdf, headers=headers)

    async def my_request(self, emplid: str, request_id: str) -> Any:
        return await self.call(emplid, ["student"], "GET", "intake", f"/api/requests/{request_id}")

    async def next_case(self, adviser: str) -> Json | None:
        """A lost answer costs no case: the repeated call has the same key."""
        headers = {"Idempotency-Key": str(uuid4())}
        path = "/api/cases/next"
        answer = await self.call(adviser, ["adviser"], "POST", "review", path, good=(200, 204), headers=headers)
        return answer if isinstance(answer, dict) else None

    async def case(self, request_id: str) -> Any:
        return await self.call("director", ["director"], "GET", "review", f"/api/cases/{request_id}")

    async def approve(self, adviser: str, request_id: str) -> Any:
        """Accepts the flags that the case shows at that moment."""

        async def attempt() -> Any:
            case = await self.case(request_id)
            if case["state"] == "approved":
                return case  # the answer to an earlier attempt was lost
            flags = [flag["code"] for flag in case["flags"]]
            return await self._decide(adviser, request_id, "approve", {"flags_accepted": flags})

        return await eventually("the approval", attempt)

    async def issue(self, adviser: str, request_id: str, issued_on: str) -> Any:
        """The same call again after SPIRE's answer records the I-20."""
        document = {"sha256": hashlib.sha256(request_id.encode()).hexdigest(), "name": "i20.pdf"}
        body = {"document": document, "issued_on": issued_on, "signed_by": "Kim Lee, PDSO", "sevis_confirmed": True}
        return await eventually("the I-20", lambda: self._decide(adviser, request_id, "i20", body))

    async def _decide(self, adviser: str, request_id: str, act: str, body: Json) -> Any:
        """None while SPIRE is being asked: 409 `check_pending` is an answer, not a failure."""
        path = f"/api/cases/{request_id}/{act}"
        answer = await self.call(adviser, ["adviser"], "POST", "review", path, json=body, good=(200, 409))
        if isinstance(answer, dict):
            return answer
        if answer.json()["code"] != "check_pending":
            raise Unexpected(f"{act} was refused: {answer.text}")
        return None

    async def alerts(self) -> Any:
        return await self.call("compliance-1", ["compliance"], "GET", "review", "/api/alerts")

    async def mails(self, to: str, kind: str) -> list[Json]:
        return [mail for mail in await self.campus("GET", "/demo/mail", params={"to": to}) if mail["kind"] == kind]


async def eventually(what: str, ask: Callable[[], Awaitable[Any]], patience: float = PATIENCE) -> Any:
    """The first answer that is something; raises `Unexpected` when none comes in `patience` seconds of a quiet machine."""
    began = asyncio.get_running_loop().time()
    while not (answer := await ask()):
        passed = asyncio.get_running_loop().time() - began
        if passed > stretched(patience):
            raise Unexpected(f"{what} did not happen within {passed:.0f} s")
        await asyncio.sleep(0.05)
    return answer
