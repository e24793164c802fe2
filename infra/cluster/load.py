"""People who use the product all the while, who never try again, and who count what they were refused."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2

from infra.demo.cast import WEI, Student
from infra.demo.office import Office, Unexpected
from infra.demo.story import AGREEMENT, event

FIRST_EMPLID = 31_000_000


class Impatient(Office):
    """One call, one answer; a new connection each time, because a kept one would stay with one pod."""

    async def _send(self, method: str, address: str, **more: Any) -> httpx2.Response:
        headers = {"Connection": "close", **more.pop("headers", {})}
        answer: httpx2.Response = await self.http.request(method, address, headers=headers, **more)
        return answer


@dataclass(slots=True)
class Load:
    """`sent` are the requests that were taken: student and id, in the order of the answers."""

    stack: Mapping[str, Any]
    answered: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    sent: list[tuple[str, str]] = field(default_factory=list)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(FIRST_EMPLID))

    async def run(self, writers: int = 1, readers: int = 2) -> None:
        """Until `stop`; what had begun is finished."""
        async with httpx2.AsyncClient(timeout=60) as http, asyncio.TaskGroup() as people:
            office = Impatient(self.stack, http)
            for _ in range(writers):
                people.create_task(self._write(office))
            for _ in range(readers):
                people.create_task(self._read(office))

    def stop(self) -> None:
        self._stopping.set()

    async def _write(self, office: Office) -> None:
        while not self._stopping.is_set():
            student = replace(WEI, emplid=str(next(self._numbers)), name="Kim Park")
            await self._counted("a request with three documents", self._one_request(office, student))
            await asyncio.sleep(0.2)

    async def _read(self, office: Office) -> None:
        while not self._stopping.is_set():
            await self._counted(
                "the line", office.call("director", ["director"], "GET", "review", "/api/line/assignments")
            )
            if self.sent:
                await self._counted("a student's page", office.my_request(*self.sent[-1]))
            await asyncio.sleep(0.2)

    async def _one_request(self, office: Office, student: Student) -> None:
        """Everything a complete request needs; the campus is no part of what is under test."""
        await office.campus("PUT", f"/demo/students/{student.emplid}", json=student.profile())
        await office.campus("PUT", f"/demo/students/{student.emplid}/enrollments", json=[student.row()])
        approved = event(AGREEMENT, "/handshake/experiences", student.agreement("approved", 2))
        await office.campus("POST", "/demo/events", json=[approved])
        view = await office.send_request(student.emplid, student.form())
        self.sent.append((student.emplid, view["request_id"]))
        letter = student.letter()
        for kind in ("offer_letter", "handshake_contract", "enrollment_proof?term=1267"):
            await office.upload(student.emplid, view["request_id"], kind, letter)

    async def _counted(self, what: str, call: Any) -> None:
        try:
            await call
        except (Unexpected, httpx2.HTTPError) as error:
            self.refused.append(f"{what}: {type(error).__name__} {error}")
        else:
            self.answered[what] += 1
