"""SPIRE's read side over HTTP: bounded in time, patient with an overloaded campus, never inside a transaction."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx2
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_delay, wait_exponential_jitter

from cpt.contracts.values import StudentProfile
from cpt.runtime.metrics import CAMPUS_CALLS
from cpt.tracing import calling
from enrollment_sync.domain import Codes
from enrollment_sync.enrollment_record import TermRead
from enrollment_sync.spire_rows import MalformedAnswer, profile_of, term_of


class SpireAway(Exception):
    """No usable answer within the time allowed; the message holds no personal data."""


class NoSuchStudent(Exception):
    """SPIRE has no record of this student."""


class _TryAgain(Exception):
    """An answer that may be better the next time; `after`: seconds SPIRE asked for."""

    def __init__(self, reason: str, after: float = 0) -> None:
        super().__init__(reason)
        self.after = after


@dataclass(frozen=True, slots=True)
class StudentRead:
    """`began`: when the first call was made; it tells nothing of what arrived later (P25)."""

    profile: StudentProfile
    terms: tuple[TermRead, ...]
    began: datetime


class Spire:
    """`timeout`: seconds for one call; `budget`: seconds for a whole read with its repetitions."""

    def __init__(self, url: str, token: str, *, timeout: float, budget: float) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        self._client = httpx2.AsyncClient(base_url=f"{url.rstrip('/')}/spire", headers=headers, timeout=timeout)
        self._budget = budget
        there = self._client.base_url
        self._server: dict[str, str | int] = {
            "server.address": there.host,
            "server.port": there.port or (443 if there.scheme == "https" else 80),
        }

    async def close(self) -> None:
        await self._client.aclose()

    async def read(self, emplid: str, strms: Collection[str], now: datetime, codes: Codes) -> StudentRead:
        """The profile and every term asked for. Raises SpireAway, NoSuchStudent."""
        address = f"/students/{emplid}"
        try:
            async with asyncio.timeout(self._budget):
                profile, *terms = await asyncio.gather(
                    self._get(address), *(self._get(f"{address}/enrollments", strm=strm) for strm in sorted(strms))
                )
            found = profile_of(profile)
            reads = tuple(
                term_of(strm, found, emplid, data, now, codes) for strm, data in zip(sorted(strms), terms, strict=True)
            )
        except TimeoutError:
            raise SpireAway(f"no answer within {self._budget:g} s") from None
        except MalformedAnswer as error:
            raise SpireAway(str(error)) from None
        return StudentRead(found, reads, now)

    async def snapshot(self, strm: str) -> AsyncIterator[Any]:
        """The lines of a term's snapshot, decoded. Raises SpireAway, also in the middle of the stream."""
        try:
            async with self._client.stream("GET", f"/snapshots/{strm}") as response:
                if not response.is_success:
                    raise SpireAway(f"SPIRE answered {response.status_code}")
                async for line in response.aiter_lines():
                    if line.strip():
                        yield json.loads(line)
        except (httpx2.HTTPError, ValueError) as error:
            raise SpireAway(f"the snapshot broke off: {type(error).__name__}") from None

    async def _get(self, path: str, **params: str) -> Any:
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(_TryAgain), wait=_wait, stop=stop_after_delay(self._budget), reraise=True
        )
        try:
            return await retrying(self._once, path, params)
        except _TryAgain as error:
            raise SpireAway(str(error)) from None

    async def _once(self, path: str, params: dict[str, str]) -> Any:
        began, outcome = time.monotonic(), "failed"
        try:
            what = "enrollments" if params else "student"
            with calling("ask spire", {"http.request.method": "GET", **self._server}, what=what) as span:
                response = await self._client.get(path, params=params)
                outcome = str(response.status_code)
                span.set_attribute("http.response.status_code", response.status_code)
        except httpx2.TransportError as error:
            raise _TryAgain(type(error).__name__) from None
        finally:
            CAMPUS_CALLS.labels("spire", outcome).observe(time.monotonic() - began)
        if response.status_code == 404:
            raise NoSuchStudent
        if response.status_code == 429 or response.status_code >= 500:
            raise _TryAgain(f"SPIRE answered {response.status_code}", _seconds(response.headers.get("Retry-After")))
        if not response.is_success:
            raise SpireAway(f"SPIRE answered {response.status_code}")
        try:
            return response.json()
        except ValueError:
            raise SpireAway("SPIRE sent no JSON") from None


_jitter = wait_exponential_jitter(multiplier=0.2, max=3, jitter=0.2)


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    return max(_jitter(state), error.after if isinstance(error, _TryAgain) else 0)


def _seconds(retry_after: str | None) -> float:
    """A date instead of seconds is answered by our own back-off."""
    return float(retry_after) if retry_after and retry_after.isdecimal() else 0
