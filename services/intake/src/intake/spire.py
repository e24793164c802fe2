"""Asks SPIRE for a student's name and classes; a slow or silent SPIRE never keeps a student from submitting."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx2
import structlog
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt

from cpt.campus.courses import plain_catalog_nbr, plain_subject
from cpt.contracts.characters import visible
from cpt.runtime.metrics import CAMPUS_CALLS
from cpt.tracing import calling
from intake.domain.values import Student

log = structlog.get_logger()

SECONDS = 2.0
_ATTEMPTS = 2
_MOST = 60
_TAKEN = frozenset({"E", "W"})  # enrolled, wait-listed


@dataclass(frozen=True, slots=True)
class OfferedClass:
    """A class of the student in SPIRE; `units` as SPIRE writes them."""

    strm: str
    subject: str
    catalog_nbr: str
    class_nbr: str
    units: str
    waits: bool


T = TypeVar("T")


class SpireDirectory:
    """`seconds` bounds both attempts together."""

    def __init__(self, url: str, token: str, *, seconds: float = SECONDS) -> None:
        self._url, self._token, self._seconds = url.rstrip("/"), token, seconds
        self._trusted = httpx2.create_ssl_context()  # reads every root certificate: once, not in each student's turn

    async def find_student(self, emplid: str) -> Student | None:
        """None when SPIRE does not know the student or does not answer in time."""
        return await self._asked("student", f"/spire/students/{emplid}", _student)

    async def find_classes(self, emplid: str) -> tuple[OfferedClass, ...]:
        """The classes the student may pick from: primary sections that stand or wait. None when SPIRE is silent."""
        return await self._asked("classes", f"/spire/students/{emplid}/enrollments", _classes) or ()

    async def _asked(self, what: str, path: str, read: Callable[[Any], T]) -> T | None:
        if not self._url:
            return None
        began, outcome = time.monotonic(), "answered"
        try:
            with calling("ask spire", {"http.request.method": "GET"}, what=what):
                client = httpx2.AsyncClient(timeout=self._seconds, verify=self._trusted)
                async with asyncio.timeout(self._seconds), client as http:
                    answer = await self._answer(http, path)
                    return None if answer is None else read(answer)
        except (httpx2.HTTPError, TimeoutError, ValueError, KeyError, TypeError, AttributeError) as error:
            outcome = "failed"
            log.warning("student_not_read", what=what, error=type(error).__name__)
            return None
        finally:
            CAMPUS_CALLS.labels("spire", outcome).observe(time.monotonic() - began)

    async def _answer(self, http: httpx2.AsyncClient, path: str) -> Any:
        """None for a student whom SPIRE does not know."""
        async for attempt in AsyncRetrying(
            stop=stop_after_attempt(_ATTEMPTS), retry=retry_if_exception_type(httpx2.HTTPError), reraise=True
        ):
            with attempt:
                answer = await http.get(f"{self._url}{path}", headers={"Authorization": f"Bearer {self._token}"})
                if answer.status_code == 404:
                    return None
                answer.raise_for_status()
                return answer.json()
        return None


def _student(profile: Any) -> Student:
    return Student(visible(profile["name"]), profile.get("email"))


def _classes(answer: Any) -> tuple[OfferedClass, ...]:
    """At most 60, each named in one spelling; rows that cannot be read are left out, since nothing rests on them."""
    offered = [_class(row) for row in answer["rows"] if row.get("status") in _TAKEN]
    return tuple(sorted({one.class_nbr: one for one in offered if one is not None}.values(), key=_by_title))[:_MOST]


def _class(row: Any) -> OfferedClass | None:
    class_nbr, strm = str(row.get("class_nbr", "")).strip(), str(row.get("strm", ""))
    subject, catalog_nbr = (
        plain_subject(str(row.get("subject", ""))),
        plain_catalog_nbr(str(row.get("catalog_nbr", ""))),
    )
    if str(row.get("primary_class_nbr") or class_nbr).strip() != class_nbr or not (
        subject and catalog_nbr and class_nbr
    ):
        return None
    return OfferedClass(
        strm, subject, catalog_nbr, class_nbr, str(row.get("units", ""))[:8], waits=row["status"] == "W"
    )


def _by_title(one: OfferedClass) -> tuple[str, ...]:
    return one.strm, one.subject, one.catalog_nbr, one.class_nbr
