"""A student from the first form to the end of the plot; asks, waits and answers like a person."""

import asyncio
import random
from typing import Any, Literal

from infra.chaos.player.applicant import Applicant
from infra.chaos.player.campus_events import COURSE, LABORATORY, LECTURE, OTHER_COURSE, Registrar, agreement
from infra.chaos.player.client import Client
from infra.demo.cast import Student

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
        self.me = Applicant(student, client, chance)
        self._client, self._chance = client, chance
        self._registrar = Registrar(student, chance, client.now)
        self._acted = False
        self._notes = 0

    async def play(self) -> None:
        try:
            await self.me.begin()
            await self.me.submit()
            for kind in DOCUMENTS:
                await self.me.upload(kind)
            while not self.end:
                await asyncio.sleep(LOOK_EVERY * (0.5 + self._chance.random()))
                await self._go_on(await self.me.view())
            await self._after()
        finally:
            facts = {"end": self.end or "unfinished", "seen": self.me.seen, "request_id": self.me.request_id}
            self._client.log.write("life", who=self.student.emplid, plot=self.plot, **facts)

    async def _go_on(self, view: Any) -> None:
        """The next act of the plot, and an answer to whatever the office or SPIRE wants."""
        state, missing = view["state"], [item["code"] for item in view["missing"]]
        if any(code.startswith("return.") for code in missing) and state in ("incomplete", "returned"):
            self._notes += 1
            path = f"/api/requests/{self.me.request_id}/resubmit"
            await self.me.act("resubmit", "POST", path, json={"note": f"I looked again ({self._notes})."})
        if state in ENDS or (self.plot == "drops_early" and self._acted and self._lacks_course(missing)):
            self.end = state
        elif not self._acted:
            self._acted = await self._before(state, missing)

    def _lacks_course(self, missing: list[str]) -> bool:
        return any(code.startswith("enrollment.") for code in missing)

    async def _before(self, state: str, missing: list[str]) -> bool:
        """What happens before the I-20; whether it has happened now."""
        if self.plot == "waits" and self._lacks_course(missing):
            await self.me.tell(self._registrar.add(was=("W", "WAIT")))
        elif self.plot == "drops_early" and state in ("complete", "assigned", "approved"):
            await self.me.tell(self._registrar.drop())
        elif self.plot == "withdraws" and state in ("complete", "assigned"):
            await self.me.act("withdraw", "POST", f"/api/requests/{self.me.request_id}/withdraw")
        elif self.plot == "loses_agreement" and state == "complete":
            await self.me.tell(agreement(self.student, "withdrawn", 3, self._chance, self._client.now()))
            await asyncio.sleep(1)
            await self.me.tell(agreement(self.student, "approved", 4, self._chance, self._client.now()))
        else:
            return False
        return True

    async def _after(self) -> None:
        """What happens after the I-20; three grades in any order and twice belong to everybody."""
        if self.end != "issued":
            return
        act = self._registrar.new_act()
        if self.plot == "drops":
            await self.me.tell(self._registrar.drop())
        elif self.plot == "swaps":
            await self.me.tell(self._registrar.drop(COURSE, act), self._registrar.add(OTHER_COURSE, act))
        elif self.plot == "re_adds":
            await self.me.tell(self._registrar.drop(COURSE))
            await self.me.tell(self._registrar.add(COURSE))
        await self.me.tell(
            self._registrar.drop(LECTURE)
        )  # it was there when the course went, and carried nothing (A23)
        noise = [self._registrar.add(LABORATORY), self._registrar.drop(LABORATORY), self._registrar.add(LABORATORY)]
        await self.me.tell(noise[1], noise[2])
        await self.me.tell(noise[0], noise[2])  # a delivery of its own, since one delivery is sorted
