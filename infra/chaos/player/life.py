"""A student from the first form to the end of the plot; asks, waits and answers like a person."""

import asyncio
import random
import uuid
from functools import cache
from typing import Any, Literal

from infra.chaos.player.campus_events import COURSE, LABORATORY, OTHER_COURSE, Registrar, agreement
from infra.chaos.player.client import Answer, Client
from infra.demo.cast import Student
from infra.letters import offer_letter

Plot = Literal["plain", "drops", "swaps", "re_adds", "waits", "drops_early", "withdraws", "loses_agreement"]
PLOTS: tuple[Plot, ...] = (
    *("plain", "plain", "drops", "swaps", "drops", "waits", "re_adds", "drops_early"),
    *("plain", "withdraws", "drops", "loses_agreement"),
)
"""In this order again and again, so that a short run meets them all."""
DOCUMENTS = ("offer_letter", "handshake_contract", "enrollment_proof?term=1267")
LOOK_EVERY = 1.0
ENDS = {"issued", "denied", "withdrawn"}


class Life:
    """`play` ends when the request has come to its end; `end` is the state then, "" before."""

    def __init__(self, student: Student, plot: Plot, client: Client, chance: random.Random) -> None:
        self.student, self.plot, self.end = student, plot, ""
        self.request_id, self.seen = "", "not submitted"
        self._client, self._chance = client, chance
        self._registrar = Registrar(student, chance, client.now)
        self._acted = False
        self._notes = 0

    async def play(self) -> None:
        try:
            await self._begin()
            await self._submit()
            for kind in DOCUMENTS:
                await self._upload(kind)
            while not self.end:
                await asyncio.sleep(LOOK_EVERY * (0.5 + self._chance.random()))
                await self._go_on(await self._view())
            await self._after()
        finally:
            facts = {"end": self.end or "unfinished", "seen": self.seen, "request_id": self.request_id}
            self._client.log.write("life", who=self.student.emplid, plot=self.plot, **facts)

    async def _begin(self) -> None:
        me, here = self.student, f"/demo/students/{self.student.emplid}"
        await self._client.campus("profile", "PUT", here, me.profile(), subject=me.emplid)
        await self._client.campus("rows", "PUT", f"{here}/enrollments", [me.row()], subject=me.emplid)
        await self._tell(agreement(me, "approved", 2, self._chance, self._client.now()))

    async def _submit(self) -> None:
        key = str(uuid.UUID(int=self._chance.getrandbits(128), version=4))
        answer = await self._send_form(key, self.student.form())
        self.request_id, self.seen = answer.body["request_id"], answer.body["state"]
        if self._chance.random() < 0.3:  # an impatient second click, and one with another form
            await self._send_form(key, self.student.form())
            await self._send_form(key, self.student.form() | {"hours_per_week": 7})

    async def _send_form(self, key: str, form: Any) -> Answer:
        headers = {"Idempotency-Key": key}
        return await self._act("submit", "POST", "/api/requests", json=form, headers=headers)

    async def _upload(self, kind: str) -> None:
        headers = {"Content-Type": "application/pdf", "Content-Disposition": 'attachment; filename="paper.pdf"'}
        path = f"/api/requests/{self.request_id}/documents/{kind}"
        await self._act("upload", "PUT", path, content=_letter(self.student), headers=headers)

    async def _view(self) -> Any:
        path = f"/api/requests/{self.request_id}"
        view = (await self._client.look(self.student.emplid, "student", "intake", path)).body
        self.seen = f"{view['state']} {[item['code'] for item in view['missing']]}"
        return view

    async def _go_on(self, view: Any) -> None:
        """The next act of the plot, and an answer to whatever the office or SPIRE wants."""
        state, missing = view["state"], [item["code"] for item in view["missing"]]
        if any(code.startswith("return.") for code in missing) and state in ("incomplete", "returned"):
            self._notes += 1
            path = f"/api/requests/{self.request_id}/resubmit"
            await self._act("resubmit", "POST", path, json={"note": f"I looked again ({self._notes})."})
        if state in ENDS or (self.plot == "drops_early" and self._acted and self._lacks_course(missing)):
            self.end = state
        elif not self._acted:
            self._acted = await self._before(state, missing)

    def _lacks_course(self, missing: list[str]) -> bool:
        return any(code.startswith("enrollment.") for code in missing)

    async def _before(self, state: str, missing: list[str]) -> bool:
        """What happens before the I-20; whether it has happened now."""
        if self.plot == "waits" and self._lacks_course(missing):
            await self._tell(self._registrar.add(was=("W", "WAIT")))
        elif self.plot == "drops_early" and state in ("complete", "assigned", "approved"):
            await self._tell(self._registrar.drop())
        elif self.plot == "withdraws" and state in ("complete", "assigned"):
            await self._act("withdraw", "POST", f"/api/requests/{self.request_id}/withdraw")
        elif self.plot == "loses_agreement" and state == "complete":
            await self._tell(agreement(self.student, "withdrawn", 3, self._chance, self._client.now()))
            await asyncio.sleep(1)
            await self._tell(agreement(self.student, "approved", 4, self._chance, self._client.now()))
        else:
            return False
        return True

    async def _after(self) -> None:
        """What happens after the I-20; three grades in any order and twice belong to everybody."""
        if self.end != "issued":
            return
        act = self._registrar.new_act()
        if self.plot == "drops":
            await self._tell(self._registrar.drop())
        elif self.plot == "swaps":
            await self._tell(self._registrar.drop(COURSE, act), self._registrar.add(OTHER_COURSE, act))
        elif self.plot == "re_adds":
            await self._tell(self._registrar.drop(COURSE))
            await self._tell(self._registrar.add(COURSE))
        noise = [self._registrar.add(LABORATORY), self._registrar.drop(LABORATORY), self._registrar.add(LABORATORY)]
        await self._tell(noise[1], noise[2])
        await self._tell(noise[0], noise[2])  # a delivery of its own, since one delivery is sorted

    async def _tell(self, *events: Any) -> None:
        await self._client.campus("events", "POST", "/demo/events", list(events), subject=self.student.emplid)
        if self._chance.random() < 0.2:
            await self._client.campus("events", "POST", "/demo/events", list(events), subject=self.student.emplid)

    async def _act(self, act: str, method: str, path: str, **more: Any) -> Answer:
        me = self.student.emplid
        return await self._client.act(me, "student", act, method, "intake", path, subject=self.request_id, **more)


@cache
def _letter(student: Student) -> bytes:
    return bytes(offer_letter(student.form()))
