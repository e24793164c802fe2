"""Advisers who take cases in the order they get them, and decide; now and then they give back, return or deny."""

import asyncio
import hashlib
import random
import uuid
from typing import Any

from infra.chaos.player.answer import Answer
from infra.chaos.player.client import Client, GaveUp
from infra.demo.cast import TODAY

ADVISERS = ("dana.reed", "ravi.patel", "lena.fox")
PAUSE = 0.7
WAIT_CODES = {"check_pending", "enrollment_not_met"}
LOOK_CODES = {"flags_not_accepted", "wrong_state"}
"""Other flags, or an act that was done and whose answer was lost: the case itself tells."""
SHARES = (("give-back", 0.06), ("return", 0.06), ("deny", 0.04))


class Office:
    """`run` until cancelled; no adviser waits for a case before taking the next one."""

    def __init__(self, client: Client, chance: random.Random) -> None:
        self._client, self._chance = client, chance
        self.errors: list[str] = []
        self._odd: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        try:
            await asyncio.gather(*(self._take_cases(adviser) for adviser in ADVISERS))
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _take_cases(self, adviser: str) -> None:
        while not self._client.over.is_set():
            key = str(uuid.UUID(int=self._chance.getrandbits(128), version=4))
            case = await self._next(adviser, key)
            if case.status != 200:
                await asyncio.sleep(PAUSE - asyncio.get_running_loop().time() % PAUSE)  # all ask in one moment
                continue
            if self._chance.random() < 0.2:
                await self._next(adviser, key)  # as if the answer had been lost
            task = asyncio.create_task(self._decide(adviser, case.body))
            self._tasks.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self.errors.append(f"{type(error).__name__}: {error}")

    async def _next(self, adviser: str, key: str) -> Answer:
        headers = {"Idempotency-Key": key}
        return await self._client.act(adviser, "adviser", "next", "POST", "review", "/api/cases/next", headers=headers)

    async def _decide(self, adviser: str, case: Any) -> None:
        request_id = case["request_id"]
        odd = self._odd_act(request_id)
        try:
            if odd == "return":
                reasons = {"reasons": [{"text": "Please look at the duties again."}]}
                await self._act(adviser, request_id, "return", reasons)
            elif odd:
                await self._act(adviser, request_id, odd, {"reason": "Not a case for me."})
            elif await self._until_done(adviser, request_id, "approve", "approved"):
                await self._until_done(adviser, request_id, "i20", "issued")
        except GaveUp:
            return

    def _odd_act(self, request_id: str) -> str:
        """At most once a request, so that every request comes to an end."""
        draw = self._chance.random()
        for act, share in SHARES:
            if draw < share and request_id not in self._odd:
                self._odd.add(request_id)
                return act
            draw -= share
        return ""

    async def _until_done(self, adviser: str, request_id: str, act: str, goal: str) -> bool:
        """False when the case is not this adviser's any more."""
        while True:
            case = (await self._client.look(adviser, "adviser", "review", f"/api/cases/{request_id}")).body
            if case["state"] in (goal, "issued"):
                return True
            if case["state"] not in ("assigned", "approved"):
                return False
            answer = await self._act(adviser, request_id, act, _body(act, request_id, case))
            if answer.status == 200:
                return True
            if answer.code not in WAIT_CODES | LOOK_CODES:
                return False
            await asyncio.sleep(PAUSE)

    async def _act(self, adviser: str, request_id: str, act: str, body: Any) -> Answer:
        path = f"/api/cases/{request_id}/{act}"
        return await self._client.act(adviser, "adviser", act, "POST", "review", path, subject=request_id, json=body)


def _body(act: str, request_id: str, case: Any) -> Any:
    if act == "approve":
        return {"flags_accepted": [flag["code"] for flag in case["flags"]]}
    document = {"sha256": hashlib.sha256(request_id.encode()).hexdigest(), "name": "i20.pdf"}
    return {"document": document, "issued_on": TODAY, "signed_by": "Kim Lee, PDSO", "sevis_confirmed": True}
