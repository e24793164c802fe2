"""What one student can do: apply, send papers, look, and what SPIRE and Handshake hold of this student."""

import random
import uuid
from functools import cache
from typing import Any

from infra.chaos.player.answer import Answer
from infra.chaos.player.campus_events import agreement, rows_of
from infra.chaos.player.client import Client
from infra.demo.cast import Student


class Applicant:
    """`seen` is what the student last saw of the request."""

    def __init__(self, student: Student, client: Client, chance: random.Random) -> None:
        self.student, self.request_id, self.seen = student, "", "not submitted"
        self._client, self._chance = client, chance

    async def begin(self) -> None:
        me, here = self.student, f"/demo/students/{self.student.emplid}"
        await self._client.campus("profile", "PUT", here, me.profile(), subject=me.emplid)
        await self._client.campus("rows", "PUT", f"{here}/enrollments", rows_of(me), subject=me.emplid)
        await self.tell(agreement(me, "approved", 2, self._chance, self._client.now()))

    async def submit(self) -> None:
        key = str(uuid.UUID(int=self._chance.getrandbits(128), version=4))
        answer = await self._send_form(key, self.student.form())
        self.request_id, self.seen = answer.body["request_id"], answer.body["state"]
        if self._chance.random() < 0.3:  # an impatient second click, and one with another form
            await self._send_form(key, self.student.form())
            await self._send_form(key, self.student.form() | {"hours_per_week": 7})

    async def _send_form(self, key: str, form: Any) -> Answer:
        headers = {"Idempotency-Key": key}
        return await self.act("submit", "POST", "/api/requests", json=form, headers=headers)

    async def upload(self, kind: str) -> None:
        headers = {"Content-Type": "application/pdf", "Content-Disposition": 'attachment; filename="paper.pdf"'}
        path = f"/api/requests/{self.request_id}/documents/{kind}"
        await self.act("upload", "PUT", path, content=_letter(self.student), headers=headers)

    async def view(self) -> Any:
        path = f"/api/requests/{self.request_id}"
        view = (await self._client.look(self.student.emplid, "student", "intake", path)).body
        self.seen = f"{view['state']} {[item['code'] for item in view['missing']]}"
        return view

    async def tell(self, *events: Any) -> None:
        await self._client.campus("events", "POST", "/demo/events", list(events), subject=self.student.emplid)
        if self._chance.random() < 0.2:
            await self._client.campus("events", "POST", "/demo/events", list(events), subject=self.student.emplid)

    async def act(self, act: str, method: str, path: str, **more: Any) -> Answer:
        me = self.student.emplid
        return await self._client.act(me, "student", act, method, "intake", path, subject=self.request_id, **more)


@cache
def _letter(student: Student) -> bytes:
    return student.letter()
