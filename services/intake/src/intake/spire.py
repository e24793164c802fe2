"""Asks SPIRE for a student's name and address; a slow or silent SPIRE never keeps a student from submitting."""

import asyncio
import time

import httpx2
import structlog
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt

from cpt.runtime.metrics import CAMPUS_CALLS
from cpt.tracing import calling
from intake.domain.values import Student

log = structlog.get_logger()

SECONDS = 2.0
_ATTEMPTS = 2


class SpireDirectory:
    """`seconds` bounds both attempts together."""

    def __init__(self, url: str, token: str, *, seconds: float = SECONDS) -> None:
        self._url, self._token, self._seconds = url.rstrip("/"), token, seconds

    async def find_student(self, emplid: str) -> Student | None:
        """None when SPIRE does not know the student or does not answer in time."""
        if not self._url:
            return None
        began, outcome = time.monotonic(), "answered"
        try:
            with calling("ask spire", what="student"):
                async with asyncio.timeout(self._seconds), httpx2.AsyncClient(timeout=self._seconds) as http:
                    return await self._ask(http, emplid)
        except (httpx2.HTTPError, TimeoutError, ValueError, KeyError) as error:
            outcome = "failed"
            log.warning("student_not_read", error=type(error).__name__)
            return None
        finally:
            CAMPUS_CALLS.labels("spire", outcome).observe(time.monotonic() - began)

    async def _ask(self, http: httpx2.AsyncClient, emplid: str) -> Student | None:
        async for attempt in AsyncRetrying(
            stop=stop_after_attempt(_ATTEMPTS), retry=retry_if_exception_type(httpx2.HTTPError), reraise=True
        ):
            with attempt:
                answer = await http.get(
                    f"{self._url}/spire/students/{emplid}", headers={"Authorization": f"Bearer {self._token}"}
                )
                if answer.status_code == 404:
                    return None
                answer.raise_for_status()
                profile = answer.json()
                return Student(profile["name"], profile.get("email"))
        return None
