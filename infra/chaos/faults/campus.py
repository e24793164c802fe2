"""SPIRE and the mail server in each of their bad moods."""

import asyncio
from functools import partial

import httpx2

from infra.chaos.faults.world import Fault, World
from infra.chaos.waiting import until

SPIRE = ("down", "slow", "wrong")
SMTP = ("down", "tarpit", "busy", "refuse", "cut")
A_MAIL = 30.0


def campus_faults() -> list[Fault]:
    return [
        *(Fault(f"spire_{mode}", "spire", partial(_mood, "spire", mode)) for mode in SPIRE),
        *(Fault(f"smtp_{mode}", "smtp", partial(_mood, "mail", mode)) for mode in SMTP),
    ]


async def _mood(part: str, mode: str, world: World) -> None:
    await world.campus_fault(**{part: mode})
    try:
        mails = await _mails(world)
        await asyncio.sleep(world.seconds(15))
        if mode == "cut":  # without a mail to be cut off it were no fault

            async def one_was_cut() -> bool:
                return await _mails(world) > mails

            await until(one_was_cut, pause=0.2, patience=A_MAIL)
    finally:
        await world.campus_fault(**{part: "ok"})


async def _mails(world: World) -> int:
    async with httpx2.AsyncClient(timeout=10) as http:
        return len((await http.get(f"{world.stack['campus']}/demo/mail")).json())
