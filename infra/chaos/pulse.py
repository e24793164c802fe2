"""How long until the whole system works again: a request that is submitted and withdrawn passes every process."""

import asyncio
from dataclasses import dataclass, replace
from functools import partial

import asyncpg

from infra.chaos.check.drain import nobody_lags
from infra.chaos.player.client import Client
from infra.chaos.waiting import until
from infra.demo.cast import Student

ENDED = """SELECT EXISTS (SELECT FROM review.case_file WHERE request_id = $1 AND state = 'withdrawn')
  AND EXISTS (SELECT FROM enrollment_sync.watch WHERE request_id = $1 AND state = 'ended')"""


@dataclass(slots=True)
class Pulse:
    """Each beat is a student of its own."""

    client: Client
    beats: int = 0

    async def beat(self, patience: float) -> float | None:
        """Seconds from now until every consumer has seen the end of the beat; None when it did not happen in time."""
        began = asyncio.get_running_loop().time()
        client = replace(self.client, longest_pause=0.2)
        try:
            async with asyncio.timeout(patience):
                await self._through(client)
        except TimeoutError:
            return None
        return asyncio.get_running_loop().time() - began

    async def _through(self, client: Client) -> None:
        self.beats += 1
        student = Student(
            f"38{self.beats:06}", f"Pulse{self.beats} Beat", "Baystate Robotics Inc.", "Amherst", "Tester", 9
        )
        me = student.emplid
        await client.campus("profile", "PUT", f"/demo/students/{me}", student.profile(), subject=me)
        headers = {"Idempotency-Key": f"pulse-{me}"}
        form = student.form()
        made = await client.act(me, "student", "submit", "POST", "intake", "/api/requests", json=form, headers=headers)
        request_id = made.body["request_id"]
        path = f"/api/requests/{request_id}/withdraw"
        await client.act(me, "student", "withdraw", "POST", "intake", path, subject=request_id)
        await _until_ended(client, request_id)


async def _until_ended(client: Client, request_id: str) -> None:
    while True:
        try:
            connection = await asyncpg.connect(client.stack["postgres"], timeout=2)
            try:
                await until(partial(connection.fetchval, ENDED, request_id), pause=0.05)
            finally:
                await connection.close()
            await until(partial(nobody_lags, client.stack), pause=0.05)
        except Exception:  # noqa: BLE001 a server that is not back yet, in whichever way; the caller sets the limit
            await asyncio.sleep(0.1)
        else:
            return
