"""Handshake's read API: one page of what changed, asked with patience."""

import time
from collections.abc import Mapping
from typing import Any

import httpx2
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from cpt.runtime.metrics import CAMPUS_CALLS
from cpt.tracing import calling
from intake.handshake.mapping import Words

_LONGEST_WAIT = 10.0


class HandshakeAway(Exception):
    """No usable answer now; says why, without anything of a student."""


class _TryAgain(Exception):
    """`after`: seconds that Handshake asks for."""

    def __init__(self, reason: str, after: float = 0) -> None:
        super().__init__(reason)
        self.after = after


class HandshakeApi:
    def __init__(self, url: str, key: str, words: Words, *, timeout: float = 8.0, attempts: int = 3) -> None:
        headers = {"Authorization": f"Bearer {key}"}
        self._client = httpx2.AsyncClient(base_url=url.rstrip("/"), headers=headers, timeout=timeout)
        self._words, self._attempts = words, attempts

    async def close(self) -> None:
        await self._client.aclose()

    async def changed_since(self, since: str, page: int) -> list[Mapping[str, Any]]:
        """One page, oldest change first; empty behind the last one. Raises HandshakeAway."""
        asked = {self._words.page: str(page)} | ({self._words.since: since} if since else {})
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(_TryAgain), wait=_wait, stop=stop_after_attempt(self._attempts), reraise=True
        )
        try:
            answer: Any = await retrying(self._once, asked)
        except _TryAgain as error:
            raise HandshakeAway(str(error)) from None
        found = answer.get(self._words.items) if isinstance(answer, Mapping) else None
        if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
            raise HandshakeAway(f"Handshake's answer has no list {self._words.items!r}")
        return found

    async def _once(self, asked: dict[str, str]) -> Any:
        began, outcome = time.monotonic(), "failed"
        try:
            with calling("ask handshake", what="experiences"):
                answer = await self._client.get(self._words.path, params=asked)
            outcome = str(answer.status_code)
        except httpx2.TransportError as error:
            raise _TryAgain(type(error).__name__) from None
        finally:
            CAMPUS_CALLS.labels("handshake", outcome).observe(time.monotonic() - began)
        if answer.status_code == 429 or answer.status_code >= 500:
            after = answer.headers.get("Retry-After", "")
            raise _TryAgain(f"Handshake answered {answer.status_code}", float(after) if after.isdecimal() else 0)
        if not answer.is_success:
            raise HandshakeAway(f"Handshake answered {answer.status_code}: see that CPT_HANDSHAKE__KEY is right")
        try:
            return answer.json()
        except ValueError:
            raise HandshakeAway("Handshake sent no JSON") from None


_jitter = wait_exponential_jitter(multiplier=0.2, max=3, jitter=0.2)


def _wait(state: RetryCallState) -> float:
    """A longer wait than this is for the next step."""
    error = state.outcome.exception() if state.outcome else None
    return min(_LONGEST_WAIT, max(_jitter(state), error.after if isinstance(error, _TryAgain) else 0))
