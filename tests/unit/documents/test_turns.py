"""One person's files never hold up another's, and nobody waits without an end."""

import asyncio

import pytest

from intake.documents.refusals import DocumentsUnavailableError
from intake.documents.turns import WAITING, WAITING_OF_ONE, Turns


class Crowd:
    def __init__(self, places):
        self.turns, self.began, self.tasks = Turns(places), [], []
        self._ends = {}

    async def comes(self, person, name):
        self._ends[name] = asyncio.Event()

        async def reads():
            async with self.turns.turn(person):
                self.began.append(name)
                await self._ends[name].wait()

        self.tasks.append(asyncio.create_task(reads()))
        await self._settle()

    async def ends(self, name):
        self._ends[name].set()
        await self._settle()

    async def _settle(self):
        for _ in range(5):
            await asyncio.sleep(0)


async def test_another_person_goes_before_the_next_file_of_the_same():
    crowd = Crowd(places=2)
    for number in range(4):
        await crowd.comes("ana", f"ana-{number}")
    await crowd.comes("mei", "mei")
    assert crowd.began == ["ana-0", "mei"]

    await crowd.comes("bo", "bo")
    await crowd.ends("ana-0")
    assert crowd.began == ["ana-0", "mei", "bo"]

    await crowd.ends("mei")
    assert crowd.began == ["ana-0", "mei", "bo", "ana-1"]


async def test_who_finds_too_many_waiting_is_asked_to_come_back():
    crowd = Crowd(places=1)
    for number in range(1 + WAITING_OF_ONE):
        await crowd.comes("ana", f"ana-{number}")
    with pytest.raises(DocumentsUnavailableError):
        async with crowd.turns.turn("ana"):
            pass
    for number in range(WAITING - WAITING_OF_ONE):
        await crowd.comes(f"other-{number}", f"other-{number}")
    with pytest.raises(DocumentsUnavailableError):
        async with crowd.turns.turn("mei"):
            pass


async def test_who_leaves_while_waiting_or_reading_leaves_the_place_to_others():
    crowd = Crowd(places=1)
    await crowd.comes("ana", "reads")
    await crowd.comes("bo", "waits")
    await crowd.comes("mei", "next")

    for task in crowd.tasks[:2]:
        task.cancel()
    await asyncio.gather(*crowd.tasks[:2], return_exceptions=True)

    assert crowd.began == ["reads", "next"]
