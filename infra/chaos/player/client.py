"""One sane client for everybody: tries again while something is away, always with the same key."""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from infra.chaos.client_log import ClientLog
from infra.chaos.player.answer import Answer, body_of, digest, shown

TRY_AGAIN = frozenset({429, 500, 502, 503, 504})
ATTEMPT_SECONDS = 10.0
KEPT = ("request_id", "reference", "receipt_number", "state", "code")


class GaveUp(Exception):
    """The play is over and the act was never acknowledged."""


@dataclass(slots=True)
class Client:
    """`stack` is what `.run/stack.json` says, `offset` the seconds its clock is ahead; after `over` nothing is tried again."""

    stack: Mapping[str, Any]
    http: httpx2.AsyncClient
    log: ClientLog
    chance: random.Random
    offset: float = 0.0
    longest_pause: float = 3.0
    over: asyncio.Event = field(default_factory=asyncio.Event)
    _tokens: dict[tuple[str, str], str] = field(default_factory=dict)

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.offset)

    async def act(
        self, who: str, role: str, act: str, method: str, service: str, path: str, *, subject: str = "", **more: Any
    ) -> Answer:
        """An act of a person, in the log before it is sent and after it is acknowledged. Raises `GaveUp`."""
        key = more.get("headers", {}).get("Idempotency-Key")
        sent = self.log.write("sent", act=act, who=who, subject=subject, key=key, body=shown(more))
        answer = await self._patiently(who, role, method, f"{self.stack[service]}{path}", sent, more)
        kept = {k: answer.body[k] for k in KEPT if k in answer.body} if isinstance(answer.body, dict) else {}
        self.log.write(
            "answered", of=sent, act=act, who=who, subject=subject, key=key, status=answer.status,
            digest=digest(answer.body), **kept,
        )  # fmt: skip
        return answer

    async def look(self, who: str, role: str, service: str, path: str) -> Answer:
        """A read leaves no trace in the log."""
        return await self._patiently(who, role, "GET", f"{self.stack[service]}{path}", 0, {})

    async def campus(self, act: str, method: str, path: str, body: Any, *, subject: str = "") -> None:
        """The campus systems: what the registrar and Handshake do."""
        sent = self.log.write("sent", act=act, who="campus", subject=subject, body=body)
        answer = await self._patiently("", "", method, f"{self.stack['campus']}{path}", sent, {"json": body})
        self.log.write("answered", of=sent, act=act, who="campus", subject=subject, status=answer.status)

    async def _patiently(
        self, who: str, role: str, method: str, address: str, sent: int, more: Mapping[str, Any]
    ) -> Answer:
        pause = 0.2
        while True:
            answer = await self._once(who, role, method, address, sent, more)
            if answer is not None:
                return answer
            if self.over.is_set():
                raise GaveUp(f"{method} {address}")
            await asyncio.sleep(pause * (0.5 + self.chance.random()))
            pause = min(2 * pause, self.longest_pause)

    async def _once(
        self, who: str, role: str, method: str, address: str, sent: int, more: Mapping[str, Any]
    ) -> Answer | None:
        """None when another attempt is due."""
        try:
            headers = dict(more.get("headers", {}))
            if who:
                headers["Authorization"] = f"Bearer {await self._token(who, role)}"
            rest = {name: value for name, value in more.items() if name != "headers"}
            answer = await self.http.request(method, address, headers=headers, timeout=ATTEMPT_SECONDS, **rest)
        except httpx2.TransportError as error:
            if sent:
                self.log.write("no_answer", of=sent, why=type(error).__name__)
            return None
        if answer.status_code in TRY_AGAIN:
            if sent:
                self.log.write("no_answer", of=sent, why=answer.status_code)
            return None
        return Answer(answer.status_code, body_of(answer))

    async def _token(self, who: str, role: str) -> str:
        if (who, role) not in self._tokens:
            address = f"{self.stack['campus']}/demo/token"
            made = await self.http.request("POST", address, json={"sub": who, "roles": [role]}, timeout=ATTEMPT_SECONDS)
            self._tokens[who, role] = made.json()["access_token"]
        return self._tokens[who, role]
